import { isRecord } from '@atlas/ir';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootInMemory, compilesIn, type InMemoryCase } from './harness/inMemoryCase.ts';

let tickets: InMemoryCase;
let venues: InMemoryCase;

beforeAll(async () => {
  [tickets, venues] = await Promise.all([bootInMemory('bookings', 'tickets'), bootInMemory('bookings', 'venues')]);
});
afterAll(async () => {
  await Promise.all([tickets?.stop(), venues?.stop()]);
});

const SHOW = '0198c1a0-0000-7000-8000-000000000001';
const NEW = {
  showId: SHOW,
  customer: { name: 'Kim', email: 'kim@example.org' },
  seats: [{ row: 'A', number: 7 }],
};

let keys = 0;

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON, if it is JSON. */
  readonly json: Readonly<Record<string, unknown>>;
}

async function ask(
  { url }: InMemoryCase,
  path: string,
  { method = 'GET', headers = {}, body }: Asked = {},
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: 'kim clerk manager planner',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const parsed: unknown = text === '' ? {} : JSON.parse(text);
  return { status: response.status, headers: response.headers, text, json: isRecord(parsed) ? parsed : { parsed } };
}

function book(body: unknown, key = `k-${keys++}`): Promise<Answer> {
  return ask(tickets, '/v1/bookings', { method: 'POST', headers: { 'idempotency-key': key }, body });
}

function patch(
  id: unknown,
  body: unknown,
  headers: Readonly<Record<string, string>> = { 'if-match': '"4"' },
): Promise<Answer> {
  const type = { 'content-type': 'application/merge-patch+json' };
  return ask(tickets, `/v1/bookings/${String(id)}`, { method: 'PATCH', headers: { ...type, ...headers }, body });
}

it('a service starts in a process in which compiling a schema fails, and compiling does fail there', async () => {
  expect(tickets.lines[0]).toMatchObject({ message: 'listening' });
  expect(await compilesIn('bookings')).toEqual({
    querystring: expect.stringContaining('compiled a schema'),
    response: expect.stringContaining('compiled a schema'),
  });
});

describe('a body', () => {
  it.each<[string, unknown, string]>([
    ['null for a number', { ...NEW, seats: [{ row: 'A', number: null }] }, '/seats/0/number'],
    ['text for a number', { ...NEW, seats: [{ row: 'A', number: '1' }] }, '/seats/0/number'],
    ['a number for text', { ...NEW, customer: { ...NEW.customer, name: 1 } }, '/customer/name'],
    ['one value instead of a list', { ...NEW, seats: NEW.seats[0] }, '/seats'],
    ['an extra property', { ...NEW, vip: true }, '/vip'],
    ['an extra property inside', { ...NEW, customer: { ...NEW.customer, vip: true } }, '/customer/vip'],
    ['a property that only the server may set', { ...NEW, bookingId: SHOW }, '/bookingId'],
    ['a missing property', { ...NEW, showId: undefined }, '/showId'],
    ['a prototype', JSON.stringify(NEW).replace('{', '{"__proto__":{},'), '/__proto__'],
  ])('with %s is refused, and the problem names the place', async (_what, body, pointer) => {
    const answer = await book(body);
    expect(answer.json).toMatchObject({ status: 400, code: 'validation-failed', errors: [{ pointer }] });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
  });

  it('may have null if the spec allows it, and null differs from a missing property', async () => {
    const { json } = await book({ ...NEW, note: 'Aisle.', customer: { ...NEW.customer, phone: null } });
    expect(json).toMatchObject({ note: 'Aisle.', customer: { phone: null } });
    expect((await patch(json['bookingId'], { note: null })).json).toMatchObject({ note: null });
    expect((await patch(json['bookingId'], {})).json).toMatchObject({ status: 400, code: 'validation-failed' });
  });

  it('is validated against the branch that its discriminator names', async () => {
    const put = (pricing: object): Promise<Answer> =>
      ask(venues, `/v1/shows/${SHOW}`, {
        method: 'PUT',
        body: { title: 'Fidelio', starts: '2031-01-31T19:30:00+01:00', seats: 400, pricing },
      });
    const price = { amount: '12.50', currency: 'EUR' };
    expect((await put({ kind: 'flat', price })).json).toMatchObject({ pricing: { kind: 'flat', price } });
    expect((await put({ kind: 'tiered', tiers: [price] })).json).toMatchObject({ pricing: { tiers: [price] } });
    expect((await put({ kind: 'tiered', price })).json).toMatchObject({
      status: 400,
      errors: expect.arrayContaining([{ pointer: '/pricing/price', detail: 'is not a known property' }]),
    });
    expect((await put({ kind: 'free' })).json).toMatchObject({ status: 400, errors: [{ pointer: '/pricing/kind' }] });
  });
});

describe('an answer', () => {
  it('has its body, its headers and its version, exact to the last digit', async () => {
    const made = await book(NEW);
    expect(made.status).toBe(201);
    expect(made.headers.get('content-type')).toMatch(/^application\/json/);
    expect(made.headers.get('location')).toBe(`/v1/bookings/${String(made.json['bookingId'])}`);
    expect(made.headers.get('etag')).toBe('"9007199254740993"');
    expect(made.text).toContain('"version":9007199254740991');
    const read = await ask(tickets, `/v1/bookings/${String(made.json['bookingId'])}`);
    expect(read.json).toEqual(made.json);
  });

  it('may be a problem with one of the declared problem codes', async () => {
    const answer = await book({ ...NEW, note: 'sold out' });
    expect(answer.json).toMatchObject({ status: 409, code: 'sold-out', detail: 'Gone.' });
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
  });

  it.each([
    ['an undeclared status', 'answers 299, which is not declared'],
    ['no event', 'BookingMade'],
    ['an undeclared event', 'SeatReturned'],
    ['a broken body', 'answers 201 with a body that breaks its schema: /price/amount'],
    ['an extra property', 'answers 201 with a body that breaks its schema: /secret'],
    ['no header', 'answers 201 with headers that break their schemas: /Location'],
    ['no version', 'gives no version, and 201 promises an ETag'],
  ])('with %s is not sent; the client gets a 500 problem, and the log has a line', async (note, why) => {
    const correlationId = `lie-${note.replaceAll(' ', '-')}`;
    const answer = await ask(tickets, '/v1/bookings', {
      method: 'POST',
      headers: { 'idempotency-key': `k-${keys++}`, 'x-correlation-id': correlationId },
      body: { ...NEW, note },
    });
    expect(answer.json).toMatchObject({ status: 500, code: 'internal', correlationId });
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain('hunter2');
    const line = await tickets.logged(
      (found) => found['level'] === 'error' && found['correlationId'] === correlationId,
    );
    expect(line).toMatchObject({ message: 'operation failed', operation: 'createBooking' });
    expect(line['error']).toContain(why);
  });

  it('has numbers and booleans in headers as text, and becomes a 500 if a header breaks its schema', async () => {
    const seats = '/v1/rows/;rows=A/seats';
    const { status, headers } = await ask(venues, `${seats}/.3.14?from=12.5&free=false`);
    const sent = ['x-found', 'x-cheapest', 'x-free', 'x-sorted'].map((name) => headers.get(name));
    expect([status, ...sent]).toEqual([200, '2', '12.5', 'false', null]);
    const broken = await ask(venues, `${seats}/.3?from=-1`);
    expect([broken.status, broken.headers.get('x-cheapest')]).toEqual([500, null]);
    const line = await venues.logged((found) => found['level'] === 'error');
    expect(line['error']).toContain('answers 200 with headers that break their schemas: /X-Cheapest');
  });

  it('with a tuple, an example and unknown keys in its schema is sent unchanged', async () => {
    const { json } = await ask(venues, '/v1/nearby?at[lat]=52.5&at[lon]=-13.25');
    const within = { name: 'Town', at: [0, 0] };
    expect(json['parsed']).toEqual([{ name: 'Old Opera', at: [52.5, -13.25], within }]);
  });
});

describe('a parameter', () => {
  it('is parsed by its type, style and explode', async () => {
    const query = 'kinds=box%20stall%20a%2Cb&days=2031-01-31,2031-02-01&from=1.5&to=2e1&free=true';
    const { json } = await ask(venues, `/v1/rows/;rows=A;rows=B%2FC/seats/.3.14?${query}`, {
      headers: { 'x-desk': '1, 2' },
    });
    expect(json).toEqual({
      rows: ['A', 'B/C'],
      numbers: [3, 14],
      kinds: ['box', 'stall', 'a,b'],
      days: ['2031-01-31', '2031-02-01'],
      price: { from: 1.5, to: 20 },
      free: true,
      desks: [1, 2],
    });
    const listed = await ask(tickets, '/v1/bookings?status=held&status=asked&seat=1|2%7C3', {
      headers: { 'x-desk': 'd' },
    });
    expect(JSON.parse(String(listed.json['nextCursor']))).toEqual({
      query: { status: ['held', 'asked'], seat: [1, 2, 3], limit: 20 },
      headers: { 'X-Desk': 'd' },
    });
  });

  it.each([
    ['/v1/rows/;rows=A/seats/.x', '/path/numbers/0'],
    ['/v1/rows/;rows=A/seats/.1.5e0', '/path/numbers/1'],
    ['/v1/rows/;rows=A/seats/.01', '/path/numbers/0'],
    ['/v1/rows/;rows=A/seats/.1?free=1', '/query/free'],
    ['/v1/rows/;rows=A/seats/.1?days=2031-02-30', '/query/days/0'],
    ['/v1/rows/;rows=A/seats/.1?from=', '/query/price/from'],
    ['/v1/rows/;rows=A/seats/.1?free=true&free=true', '/query/free'],
    ['/v1/rows/;rows=A/seats/.1?colour=red', '/query/colour'],
    ['/v1/rows/;rows=%zz/seats/.1', ''],
    ['/v1/nearby', '/query/at'],
    ['/v1/nearby?at[lat]=1', '/query/at/lon'],
    ['/v1/shows/one', '/path/showId'],
  ])('that breaks its schema is refused: %s', async (path, pointer) => {
    const { json } = await ask(venues, path);
    expect(json).toMatchObject(pointer === '' ? { status: 400 } : { status: 400, errors: [{ pointer }] });
  });
});

describe('a precondition', () => {
  it('is required and checked, and its failure is answered', async () => {
    const { json } = await book(NEW);
    const id = json['bookingId'];
    expect((await patch(id, { note: 'x' }, {})).json).toMatchObject({ status: 428, code: 'if-match-missing' });
    expect((await patch(id, { note: 'x' }, { 'if-match': '"four"' })).status).toBe(412);
    const changed = await patch(id, { note: 'x' }, { 'if-match': '"9007199254740993"' });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).toBe('"9007199254740994"');
  });
});

describe('an Idempotency-Key', () => {
  it('is required, gives the same answer again, and belongs to one request', async () => {
    const without = await ask(tickets, '/v1/bookings', { method: 'POST', body: NEW });
    expect(without.json).toMatchObject({ status: 400, code: 'idempotency-key-missing' });
    const first = await book(NEW, 'again');
    const second = await book(NEW, 'again');
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect([second.status, second.text, second.headers.get('etag')]).toEqual([
      201,
      first.text,
      first.headers.get('etag'),
    ]);
    expect((await book({ ...NEW, note: 'other' }, 'again')).json).toMatchObject({
      status: 422,
      code: 'idempotency-key-reused',
    });
  });
});

describe('an operation', () => {
  it('requires all roles of one of its lists', async () => {
    const as = (roles: string, path: string, method: string): Promise<Answer> =>
      ask(tickets, path, { method, headers: { authorization: roles, 'x-desk': 'd' } });
    expect((await as('kim auditor', '/v1/bookings', 'GET')).status).toBe(200);
    expect((await as('kim manager', '/v1/bookings', 'GET')).json).toMatchObject({
      status: 403,
      code: 'forbidden-role',
    });
    expect((await as('kim clerk', `/v1/bookings/${SHOW}`, 'DELETE')).status).toBe(403);
    expect((await as('kim clerk manager', `/v1/bookings/${SHOW}`, 'DELETE')).status).toBe(404);
  });

  it('says if it is deprecated, and until when it works', async () => {
    const { json } = await book(NEW);
    const gone = await ask(tickets, `/v1/bookings/${String(json['bookingId'])}`, { method: 'DELETE' });
    expect([gone.status, gone.text]).toEqual([204, '']);
    expect(gone.headers.get('deprecation')).toMatch(/^@\d+$/);
    expect(gone.headers.get('sunset')).toBe('Fri, 31 Jan 2031 00:00:00 GMT');
    expect((await ask(tickets, `/v1/bookings/${SHOW}`)).headers.get('deprecation')).toBeNull();
  });

  it('is part of the document that is served', async () => {
    const { json } = await ask(venues, '/openapi.json');
    expect(Object.keys(Object(json['paths']))).toContain('/v1/rows/{rows}/seats/{numbers}');
  });
});
