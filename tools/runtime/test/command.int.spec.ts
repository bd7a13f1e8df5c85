import { sql } from 'slonik';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { slonikOf } from '../src/adapters/slonik/index.ts';
import { VersionConflict } from '../src/contract/atlasError.ts';
import type { AnyResult } from '../src/contract/service.ts';
import type { Handlers } from './bookings/contract.ts';
import { handlers } from './bookings/handlers.ts';
import { boxOffice, type BoxOffice } from './boxOffice.ts';
import { testDatabase, type TestDatabase } from './testDatabase.ts';

const SHOW = '0190f3c1-7a00-7000-8000-000000000001';
let database: TestDatabase;
let office: BoxOffice;
const others: BoxOffice[] = [];

beforeAll(async () => {
  database = await testDatabase();
  office = await boxOffice(database.url);
});
afterAll(async () => {
  await office.stop();
  await database.drop();
});
afterEach(async () => {
  for (const other of others.splice(0)) await other.stop();
});
beforeEach(async () => {
  await database.query('TRUNCATE show, booking, atlas_outbox, atlas_sequence, atlas_idempotency');
  await database.query('INSERT INTO show VALUES ($1, 10)', [SHOW]);
});

function book(key: string, seats: unknown = 1, { app = office.app, who = 'kim clerk' } = {}) {
  return app.inject({
    method: 'POST',
    url: `/v1/shows/${SHOW}/bookings`,
    headers: { authorization: who, 'idempotency-key': key },
    payload: { seats },
  });
}

const notice = (text: string) => ({ type: 'NoticePosted', data: { text } });
const fine = { status: 201, body: { bookingId: 'b', seats: 1 }, version: 1n, events: [notice('t')] };
const { version: _version, ...versionless } = fine;

describe('a command', () => {
  it('commits its change, its event and its response in one transaction', async () => {
    const before = office.woken();
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
    expect(office.woken()).toBe(before + 1);
  });

  it('passes its correlation id and its trace to the events', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await office.app.inject({
      method: 'POST',
      url: `/v1/shows/${SHOW}/bookings`,
      headers: { authorization: 'kim clerk', 'idempotency-key': 'k-1', 'x-correlation-id': 'desk-7', traceparent },
      payload: { seats: 1 },
    });
    expect(await database.query('SELECT correlation_id, traceparent FROM atlas_outbox')).toEqual([
      { correlation_id: 'desk-7', traceparent },
    ]);
  });

  it('with a status of 400 or above changes nothing, even if it wrote before it decided', async () => {
    const { app } = await officeWith({
      bookSeats: async (_input, tx) => {
        await slonikOf(tx).query(sql.unsafe`UPDATE show SET free = 0`);
        return { status: 409, problem: { code: 'sold-out', detail: 'none left' } };
      },
    });
    const answer = await book('k-1', 1, { app });
    expect(answer.statusCode).toBe(409);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.json()).toEqual({
      type: 'urn:atlas:problem:sold-out',
      title: 'Sold out',
      status: 409,
      code: 'sold-out',
      detail: 'none left',
      correlationId: answer.headers['x-correlation-id'],
    });
    expect(await database.query('SELECT free FROM show')).toEqual([{ free: 10 }]);
  });

  it('runs again after a serialization failure, with the same instant and the same ids', async () => {
    const seen: unknown[] = [];
    const { app } = await officeWith({
      bookSeats: async (input, tx) => {
        seen.push([input.ctx.now.getTime(), input.ctx.newId(), input.ctx.newId()]);
        if (seen.length < 3)
          await slonikOf(tx).query(sql.unsafe`DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END $$`);
        return handlers.bookSeats(input, tx);
      },
    });
    const answer = await book('k-1', 1, { app });
    expect(answer.statusCode).toBe(201);
    expect(seen).toHaveLength(3);
    expect(new Set(seen.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(await database.query('SELECT free FROM show')).toEqual([{ free: 9 }]);
  });

  it('gives up after three retries, and says that the client may try again', async () => {
    let tries = 0;
    const { app } = await officeWith({
      bookSeats: async (_input, tx) => {
        tries += 1;
        await slonikOf(tx).query(sql.unsafe`DO $$ BEGIN RAISE EXCEPTION 'dead' USING ERRCODE = '40P01'; END $$`);
        return { status: 403, problem: { code: 'never' } };
      },
    });
    const answer = await book('k-1', 1, { app });
    expect(tries).toBe(4);
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.json()).toMatchObject({ code: 'busy' });
  });

  it('whose handler catches the error of a statement fails and is rolled back', async () => {
    const { app, lines } = await officeWith({
      closeShow: async (_input, tx) => {
        await slonikOf(tx).query(sql.unsafe`UPDATE show SET free = 0`);
        await slonikOf(tx)
          .query(sql.unsafe`SELECT nonsense`)
          .catch(() => undefined);
        return { status: 204, events: [] };
      },
    });
    const answer = await app.inject({ method: 'DELETE', url: `/v1/shows/${SHOW}` });
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('rolled back');
    expect(lines.find(({ level }) => level === 'error')?.fields['err']).toMatchObject({
      code: 'ATLAS_TRANSACTION_ABORTED',
    });
    expect(await database.query('SELECT free FROM show')).toEqual([{ free: 10 }]);
  });

  it.each<[string, AnyResult, string]>([
    ['an undeclared status', { ...fine, status: 200 }, 'answers 200, which is not declared'],
    ['a body that breaks its schema', { ...fine, body: { seats: 'x' } }, 'breaks its schema: /bookingId is required'],
    ['no version although an ETag is promised', versionless, 'gives no version, and 201 promises an ETag'],
    ['a header that cannot be sent', { ...fine, headers: { Location: '/b\r\nx: y' } }, 'gives a header Location'],
    [
      'an event that it does not declare',
      { ...fine, events: [{ type: 'Other', data: {} }] },
      'returned events [Other]',
    ],
    ['none of the events that it declares', { ...fine, events: [] }, 'returned events []'],
    ['an event above the cap', { ...fine, events: [notice('x'.repeat(950_000))] }, 'NoticePosted has 950011 bytes'],
  ])('that returns %s gets 500 and a log line, and nothing is committed', async (_what, wrong, message) => {
    const { app, lines } = await officeWith({
      bookSeats: async (_input, tx) => {
        await slonikOf(tx).query(sql.unsafe`UPDATE show SET free = 0`);
        return wrong;
      },
    });
    const answer = await book('k-1', 1, { app });
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toMatchObject({ code: 'internal', correlationId: answer.headers['x-correlation-id'] });
    expect(lines.filter(({ level }) => level === 'error')).toMatchObject([
      { fields: { operation: 'bookSeats', err: { message: expect.stringContaining(message) } } },
    ]);
    expect(await database.query('SELECT free FROM show')).toEqual([{ free: 10 }]);
    expect(await database.query('SELECT * FROM atlas_outbox')).toEqual([]);
    expect(await database.query('SELECT * FROM atlas_idempotency')).toEqual([]);
  });

  it('is refused before it begins if the caller lacks the role or a token', async () => {
    expect((await book('k-1', 1, { who: 'kim auditor' })).json()).toMatchObject({
      status: 403,
      code: 'forbidden-role',
    });
    const nobody = await office.app.inject({
      method: 'POST',
      url: `/v1/shows/${SHOW}/bookings`,
      payload: { seats: 1 },
    });
    expect(nobody.json()).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect(nobody.headers['www-authenticate']).toBe('Bearer');
    expect(await database.query('SELECT * FROM atlas_idempotency')).toEqual([]);
  });
});

describe('a change under If-Match', () => {
  const change = (id: string, tag: string | undefined, seats: number, key?: string) =>
    office.app.inject({
      method: 'PATCH',
      url: `/v1/bookings/${id}`,
      headers: {
        authorization: 'kim clerk',
        'content-type': 'application/merge-patch+json',
        ...(tag === undefined ? {} : { 'if-match': tag }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      payload: JSON.stringify({ seats }),
    });

  it('succeeds only if the caller has the latest version', async () => {
    const { bookingId } = (await book('k-1', 2)).json();
    const changed = await change(bookingId, '"1"', 3);
    expect(changed.statusCode).toBe(200);
    expect(changed.headers['etag']).toBe('"2"');
    expect((await change(bookingId, '"1"', 4)).json()).toMatchObject({ status: 412, code: 'version-conflict' });
    expect((await change(bookingId, 'W/"2"', 4)).json()).toMatchObject({ status: 412, code: 'version-conflict' });
    expect((await change(bookingId, undefined, 4)).json()).toMatchObject({ status: 428, code: 'if-match-missing' });
    expect((await change(bookingId, '*', 4)).json()).toMatchObject({
      status: 400,
      errors: [{ pointer: '/header/If-Match' }],
    });
    expect(await database.query('SELECT seats, version FROM booking')).toEqual([{ seats: 3, version: '2' }]);
  });

  it('is replayed before If-Match is checked, because the first request made the version stale', async () => {
    const { bookingId } = (await book('k-1', 2)).json();
    const first = await change(bookingId, '"1"', 3, 'k-2');
    const again = await change(bookingId, '"1"', 3, 'k-2');
    expect(again.statusCode).toBe(200);
    expect(again.headers['etag']).toBe('"2"');
    expect(again.body).toBe(first.body);
  });

  it('is refused if its key was used for another version', async () => {
    const { bookingId } = (await book('k-1', 2)).json();
    expect((await change(bookingId, '"1"', 3, 'k-2')).statusCode).toBe(200);
    expect((await change(bookingId, '"2"', 3, 'k-2')).json()).toMatchObject({
      status: 422,
      code: 'idempotency-key-reused',
    });
  });

  it('that was refused as stale can be repeated with the same key', async () => {
    const { bookingId } = (await book('k-1', 2)).json();
    expect((await change(bookingId, '"7"', 3, 'k-2')).statusCode).toBe(412);
    expect((await change(bookingId, '"1"', 3, 'k-2')).statusCode).toBe(200);
  });
});

describe('a lost race without If-Match', () => {
  it('runs again a few times, then is refused', async () => {
    let tries = 0;
    const { app } = await officeWith({
      bookSeats: async (input, tx) => {
        tries += 1;
        if (tries < 3) throw new VersionConflict('show', 1n, 2n);
        return handlers.bookSeats(input, tx);
      },
      closeShow: async () => {
        throw new VersionConflict('show', 1n, 2n);
      },
    });
    expect((await book('k-1', 1, { app })).statusCode).toBe(201);
    expect(tries).toBe(3);
    const lost = await app.inject({ method: 'DELETE', url: `/v1/shows/${SHOW}` });
    expect(lost.json()).toMatchObject({ status: 503, code: 'busy' });
  });
});

/** An office with other handlers, closed after the test. */
async function officeWith(given: Partial<Handlers>): Promise<BoxOffice> {
  const other = await boxOffice(database.url, given);
  others.push(other);
  return other;
}
