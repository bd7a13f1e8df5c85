import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../src/http/canonical.ts';
import type { Handlers } from './bookings/contract.ts';
import { handlers } from './bookings/handlers.ts';
import { boxOffice, type BoxOffice } from './boxOffice.ts';
import { testDatabase, type TestDatabase } from './testDatabase.ts';

const SHOW = '0190f3c1-7a00-7000-8000-000000000001';
let database: TestDatabase;
let office: BoxOffice;
let bookSeats: Handlers['bookSeats'] = handlers.bookSeats;

beforeAll(async () => {
  database = await testDatabase();
  office = await boxOffice(database.url, { bookSeats: (input, tx) => bookSeats(input, tx) });
});
afterAll(async () => {
  await office.stop();
  await database.drop();
});
beforeEach(async () => {
  bookSeats = handlers.bookSeats;
  await database.query('TRUNCATE show, booking, atlas_outbox, atlas_sequence, atlas_idempotency');
  await database.query('INSERT INTO show VALUES ($1, 10)', [SHOW]);
});

function book(key: string | undefined, seats = 1, who = 'kim clerk') {
  return office.app.inject({
    method: 'POST',
    url: `/v1/shows/${SHOW}/bookings`,
    headers: { authorization: who, ...(key === undefined ? {} : { 'idempotency-key': key }) },
    payload: { seats },
  });
}

describe('the same idempotency key', () => {
  it('takes effect once and gives the same response with the same headers', async () => {
    const first = await book('k-1', 2);
    const again = await book('k-1', 2);
    expect(again.statusCode).toBe(201);
    expect(again.body).toBe(first.body);
    const { etag, location, 'atlas-version': version, 'content-type': type } = first.headers;
    expect(again.headers).toMatchObject({ etag, location, 'atlas-version': version, 'content-type': type });
    expect(version).toBe(`show/${SHOW}@1`);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(await database.query('SELECT free FROM show')).toEqual([{ free: 8 }]);
    expect(await database.query('SELECT count(*) FROM atlas_outbox')).toEqual([{ count: '1' }]);
  });

  it('sent a hundred times at once takes effect once; the others are replays or get 409', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => book('k-1')));
    const statuses = Map.groupBy(answers, ({ statusCode }) => statusCode);
    expect([...statuses.keys()].every((status) => status === 201 || status === 409)).toBe(true);
    expect(new Set(statuses.get(201)?.map(({ body }) => body)).size).toBe(1);
    expect(statuses.get(201)?.filter(({ headers }) => headers['idempotency-replayed'] === undefined)).toHaveLength(1);
    for (const waiting of statuses.get(409) ?? []) {
      expect(waiting.json()).toMatchObject({ code: 'request-in-flight' });
      expect(waiting.headers['retry-after']).toBe('1');
    }
    expect(await database.query('SELECT free FROM show')).toEqual([{ free: 9 }]);
    expect(await database.query('SELECT count(*) FROM booking')).toEqual([{ count: '1' }]);
    expect((await book('k-1')).statusCode).toBe(201);
  });

  it('gets 409 while the first request is under way', async () => {
    const begun = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    bookSeats = async (input, tx) => {
      begun.resolve();
      await go.promise;
      return handlers.bookSeats(input, tx);
    };
    const first = book('k-1');
    await begun.promise;
    expect((await book('k-1')).json()).toMatchObject({ status: 409, code: 'request-in-flight' });
    go.resolve();
    expect((await first).statusCode).toBe(201);
  });

  it('for another request is refused', async () => {
    await book('k-1', 1);
    expect((await book('k-1', 2)).json()).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
    expect(await database.query('SELECT free FROM show')).toEqual([{ free: 9 }]);
  });

  it('of another caller is another key', async () => {
    await book('k-1', 1);
    expect((await book('k-1', 1, 'pat clerk')).headers['idempotency-replayed']).toBeUndefined();
    expect(await database.query('SELECT free FROM show')).toEqual([{ free: 8 }]);
  });

  it('ignores the order of members and blanks in the body', async () => {
    const headers = { authorization: 'kim clerk', 'idempotency-key': 'k-1', 'content-type': 'application/json' };
    const url = `/v1/shows/${SHOW}/bookings`;
    await office.app.inject({ method: 'POST', url, headers, payload: '{"seats":1}' });
    const again = await office.app.inject({ method: 'POST', url, headers, payload: '{ "seats" : 1.0 }' });
    expect(again.headers['idempotency-replayed']).toBe('true');
  });
});

describe('a refusal of the handler', () => {
  it('is stored: if a show has seats again later, the response is the same', async () => {
    expect((await book('k-1', 11)).json()).toMatchObject({ status: 409, code: 'sold-out' });
    await database.query('UPDATE show SET free = 100');
    const again = await book('k-1', 11);
    expect(again.json()).toMatchObject({ status: 409, code: 'sold-out' });
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  it.each([
    ['401', { status: 401, problem: { code: 'who-are-you' } }, 401],
    ['403', { status: 403, problem: { code: 'not-yours' } }, 403],
    ['503', { status: 503, problem: { code: 'till-closed' } }, 503],
    ['a fault', { status: 299 }, 500],
  ])('is not stored if it is %s', async (_what, result, status) => {
    bookSeats = async () => result;
    expect((await book('k-1')).statusCode).toBe(status);
    bookSeats = handlers.bookSeats;
    expect((await book('k-1')).statusCode).toBe(201);
  });

  it('is not stored if the request breaks the contract', async () => {
    expect((await book('k-1', 0)).statusCode).toBe(400);
    expect((await book('k-1', 1)).statusCode).toBe(201);
  });

  it('is not reached without a valid key', async () => {
    expect((await book(undefined)).json()).toMatchObject({ status: 400, code: 'idempotency-key-missing' });
    expect((await book('k'.repeat(201))).json()).toMatchObject({ status: 400, code: 'validation-failed' });
  });
});

describe('a response that is stored between the lookup and the lock', () => {
  it('is found at the flush, and the later command becomes a replay', async () => {
    let tries = 0;
    bookSeats = async (input, tx) => {
      tries += 1;
      const result = await handlers.bookSeats(input, tx);
      if (tries === 1) {
        // the row that another transaction would have written
        await database.query(
          `INSERT INTO atlas_idempotency SELECT 'kim', 'bookSeats', 'k-1', $1, 201, '{"content-type":"application/json"}', '{"theirs":true}', now()`,
          [digestOf('POST', `/v1/shows/${SHOW}/bookings`, { seats: 1 })],
        );
      }
      return result;
    };
    const answer = await book('k-1');
    expect(answer.json()).toEqual({ theirs: true });
    expect(tries).toBe(1);
    expect(await database.query('SELECT free FROM show')).toEqual([{ free: 10 }]);
  });
});
