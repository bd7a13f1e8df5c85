import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootedCase, type Answer, type BootedCase, type BootedService } from './harness/bootedCase.ts';

const SHOW = '0190f3c1-7a00-7000-8000-000000000001';
const clerk = { roles: ['clerk'], headers: { 'X-Desk': 'north' } };
const seats = [{ row: 'A', number: 1 }];
const wanted = { showId: SHOW, customer: { name: 'Kim', email: 'kim@example.org' }, seats };
const show = {
  title: 'Cats',
  starts: '2031-05-01T19:00:00Z',
  seats: 1,
  pricing: { kind: 'flat', price: { amount: '10.00', currency: 'EUR' } },
};

let running: BootedCase;
let tickets: BootedService;
let venues: BootedService;
let keys = 0;

beforeAll(async () => {
  running = await bootedCase('bookings', ['tickets', 'venues']);
  tickets = running.service('tickets');
  venues = running.service('venues');
});
afterAll(() => running?.[Symbol.asyncDispose]());

function book(body: unknown): Promise<Answer> {
  return tickets.request('POST', '/v1/bookings', {
    ...clerk,
    body,
    headers: { 'Idempotency-Key': `key-${(keys += 1)}` },
  });
}

const putShow = (body: unknown, id = SHOW): Promise<Answer> =>
  venues.request('PUT', `/v1/shows/${id}`, { roles: ['planner'], body });

const statusOf = async ({ headers }: Answer): Promise<unknown> =>
  (await tickets.request('GET', headers.get('location') ?? '', clerk)).body;

/** Both services run in processes that cannot compile a schema. */
describe('a repository that has nothing to do with the ERP', () => {
  it('books by HTTP, through the outbox and Kafka to the other service and back', async () => {
    expect(await putShow(show)).toMatchObject({ status: 200, body: show });
    const first = await book(wanted);
    expect(first).toMatchObject({ status: 201, body: { ...wanted, status: 'asked', version: 1 } });
    expect(first.headers.get('etag')).toBe('"1"');
    await expect.poll(() => statusOf(first)).toMatchObject({ status: 'held', version: 2 });
    const second = await book(wanted);
    await expect.poll(() => statusOf(second)).toMatchObject({ status: 'cancelled', version: 2 });
  });

  it.each<[string, unknown, string]>([
    ['null for a number', { ...wanted, seats: [{ row: 'A', number: null }] }, '/seats/0/number'],
    ['text for a number', { ...wanted, seats: [{ row: 'A', number: '1' }] }, '/seats/0/number'],
    ['one value instead of a list', { ...wanted, seats: seats[0] }, '/seats'],
    ['an unknown property', { ...wanted, customer: { ...wanted.customer, vip: 1 } }, '/customer/vip'],
    ['a property that only the server may set', { ...wanted, bookingId: SHOW }, '/bookingId'],
    ['no content', '', ''],
  ])('refuses a body with %s, and says where it is', async (_what, body, pointer) => {
    const answer = await book(body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation-failed', errors: [{ pointer }] } });
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it('reads parameters by type, style and explode, and refuses other values', async () => {
    const list = (query: string): Promise<Answer> => tickets.request('GET', `/v1/bookings?${query}`, clerk);
    expect(await list('status=held&status=cancelled&seat=1|2&limit=1')).toMatchObject({
      status: 200,
      body: { items: [{ showId: SHOW }] },
    });
    expect(await list('status=gone')).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/query/status/0' }] },
    });
    expect(await list('limit=1e1')).toMatchObject({ status: 400, body: { errors: [{ pointer: '/query/limit' }] } });
    expect(await list('seat=1|x')).toMatchObject({ status: 400, body: { errors: [{ pointer: '/query/seat/1' }] } });
    expect((await venues.request('GET', '/v1/nearby?at[lat]=1.5&at[lon]=-2')).body).toEqual([
      { name: 'Old Opera', at: [1.5, -2], within: { name: 'Town', at: [0, 0] } },
    ]);
  });

  it('requires all roles of one of the entries in the spec', async () => {
    expect(await tickets.request('GET', '/v1/bookings')).toMatchObject({ status: 401 });
    const path = `/v1/bookings/${SHOW}`;
    expect(await tickets.request('DELETE', path, clerk)).toMatchObject({ status: 403 });
    const gone = await tickets.request('DELETE', path, { roles: ['clerk', 'manager'] });
    expect(gone).toMatchObject({ status: 404, body: { code: 'booking-not-found' } });
    expect(gone.headers.get('sunset')).toBe('Fri, 31 Jan 2031 00:00:00 GMT');
    expect(gone.headers.get('deprecation')).not.toBeNull();
  });

  it('answers the same key with the same booking, and changes only the version that was read last', async () => {
    const given = { ...clerk, body: wanted, headers: { 'Idempotency-Key': 'once' } };
    const first = await tickets.request('POST', '/v1/bookings', given);
    expect(await tickets.request('POST', '/v1/bookings', given)).toMatchObject({ status: 201, body: first.body });
    const path = first.headers.get('location') ?? '';
    await expect.poll(() => statusOf(first)).toMatchObject({ version: 2 });
    const change = (version: string): Promise<Answer> =>
      tickets.request('PATCH', path, {
        ...clerk,
        body: { note: null },
        headers: { 'content-type': 'application/merge-patch+json', 'if-match': version },
      });
    expect(await change('"1"')).toMatchObject({ status: 412 });
    expect(await change('"2"')).toMatchObject({ status: 200, body: { note: null, version: 3 } });
  });

  it('validates against the branch that a discriminator names', async () => {
    const tiered = { kind: 'tiered', tiers: [{ amount: '1.00', currency: 'EUR' }] };
    const other = '0190f3c1-7a00-7000-8000-000000000002';
    expect(await putShow({ ...show, pricing: tiered }, other)).toMatchObject({
      status: 200,
      body: { pricing: tiered },
    });
    const mixed = { ...tiered, price: tiered.tiers[0] };
    expect(await putShow({ ...show, pricing: mixed }, other)).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/pricing/price' }] },
    });
  });

  it('answers 500 instead of an answer that breaks its schema, and logs that', async () => {
    await venues.query(`UPDATE show SET body = jsonb_set(body, '{title}', '""') WHERE show_id = $1`, [SHOW]);
    const answer = await venues.request('GET', `/v1/shows/${SHOW}`);
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).not.toContain('/title');
    const correlation = answer.headers.get('x-correlation-id') ?? 'none';
    await expect
      .poll(() => venues.log.find((line) => line.includes(correlation) && line.includes('/title')))
      .toMatch(/"level":"error"/);
  });
});
