import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { boxOffice, type BoxOffice } from './boxOffice.ts';
import { testDatabase, type TestDatabase } from './testDatabase.ts';

const SHOW = '0190f3c1-7a00-7000-8000-000000000001';
let database: TestDatabase;
let office: BoxOffice;

beforeAll(async () => {
  database = await testDatabase();
  office = await boxOffice(database.url);
});
afterAll(async () => {
  await office.stop();
  await database.drop();
});
beforeEach(async () => {
  await database.query('TRUNCATE show, booking, atlas_outbox, atlas_sequence, atlas_idempotency');
  await database.query('INSERT INTO show VALUES ($1, 10)', [SHOW]);
});

function book(key: string, seats: unknown = 1, show = SHOW, who = 'kim clerk') {
  return office.app.inject({
    method: 'POST',
    url: `/v1/shows/${show}/bookings`,
    headers: { authorization: who, 'idempotency-key': key },
    payload: { seats },
  });
}

describe('a command', () => {
  it('leaves its change, its event and its answer in one transaction', async () => {
    const answer = await book('k-1', 2);
    expect(answer.json()).toMatchObject({ seats: 2 });
    expect(answer.statusCode).toBe(201);
    expect(answer.headers).toMatchObject({ etag: '"1"', 'atlas-version': `show/${SHOW}@1` });
    expect(answer.headers['location']).toMatch(/^\/v1\/bookings\//);
    expect(await database.query('SELECT topic, sequence, ce_type, actor_id FROM atlas_outbox')).toEqual([
      {
        topic: 'boxoffice.bookings.show.v1',
        sequence: '1',
        ce_type: 'boxoffice.bookings.SeatsBooked',
        actor_id: 'kim',
      },
    ]);
    expect(office.woken()).toBe(1);
    const replay = await book('k-1', 2);
    expect(replay.statusCode).toBe(201);
    expect(replay.body).toBe(answer.body);
    expect(replay.headers).toMatchObject({
      etag: '"1"',
      'atlas-version': `show/${SHOW}@1`,
      location: answer.headers['location'],
    });
  });
});
