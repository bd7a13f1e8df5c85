import { randomUUID } from 'node:crypto';
import type { ServiceProcess } from '@atlas/stack';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ordersDatabase, type OrdersDatabase } from './ordersDatabase.ts';
import { ordersStack, type OrdersStack } from './ordersStack.ts';

const NEW_ORDER = {
  customerId: '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e44',
  currency: 'EUR',
  taxRateBasisPoints: 1900,
  lines: [{ sku: 'BOLT-M8', qty: 10, unitPrice: { preciseAmount: 12_345, fractionDigits: 4 } }],
};

let stack: OrdersStack;
let database: OrdersDatabase;
let service: ServiceProcess;

beforeAll(async () => {
  stack = await ordersStack('orders-commands.');
  database = await ordersDatabase(`orders_commands_${process.pid}`);
  service = await stack.start(database.url);
});
afterAll(async () => {
  await service.stop();
  await database.close();
});
afterEach(() => database.forget());

interface Asked {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly roles?: readonly string[];
}

async function ask(method: 'GET' | 'POST', path: string, { body, headers = {}, roles = ['ops'] }: Asked = {}) {
  const response = await fetch(service.url + path, {
    method,
    headers: {
      authorization: `Bearer ${await stack.token(roles)}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

const create = (body: unknown = NEW_ORDER, key: string = randomUUID(), roles: readonly string[] = ['ops']) =>
  ask('POST', '/v1/orders', { body, headers: { 'idempotency-key': key }, roles });

const place = (path: string, version: string, key: string = randomUUID()) =>
  ask('POST', `${path}/place`, { headers: { 'idempotency-key': key, 'if-match': version } });

async function drafted(): Promise<string> {
  const { headers } = await create();
  return headers.get('location') ?? '';
}

describe('createOrder', () => {
  it('drafts and prices the order, and answers with its Location', async () => {
    const created = await create();
    expect(created).toMatchObject({
      status: 201,
      body: {
        state: 'DRAFT',
        lines: [{ sku: 'BOLT-M8', qty: 10, net: { amountMinor: 1235, currency: 'EUR' }, tax: { amountMinor: 235 } }],
        total: { amountMinor: 1470, currency: 'EUR' },
      },
    });
    expect(created.headers.get('etag')).toBe('"1"');
    const read = await ask('GET', created.headers.get('location') ?? '', { roles: ['finance'] });
    expect(read).toMatchObject({ status: 200, body: created.body });
    expect(read.headers.get('etag')).toBe('"1"');
    expect(await database.counts()).toEqual({ events: 0n, orders: 1n });
  });

  it('loses no digit of the largest amount', async () => {
    const most = Number.MAX_SAFE_INTEGER;
    const lines = [{ sku: 'BOLT-M8', qty: most, unitPrice: { preciseAmount: 1, fractionDigits: 2 } }];
    expect(await create({ ...NEW_ORDER, taxRateBasisPoints: 0, lines })).toMatchObject({
      body: { lines: [{ qty: most }], total: { amountMinor: most } },
    });
  });

  it('makes one order per Idempotency-Key, and refuses the key with another body', async () => {
    const first = await create(NEW_ORDER, 'once');
    expect(await create(NEW_ORDER, 'once')).toMatchObject({ status: 201, body: first.body });
    expect(await create({ ...NEW_ORDER, currency: 'USD' }, 'once')).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused' },
    });
    expect(await database.counts()).toEqual({ events: 0n, orders: 1n });
  });

  it.each([
    ['an unknown currency', { currency: 'XXX' }, 422, { code: 'currency-unknown' }],
    ['a total that is too large', { lines: tooMuch() }, 422, { code: 'amount-too-large' }],
    ['no lines', { lines: [] }, 400, { code: 'validation-failed', errors: [{ pointer: '/lines' }] }],
    ['an unknown member', { discount: 5 }, 400, { errors: [{ pointer: '/discount' }] }],
    ['a number as text', { taxRateBasisPoints: '0' }, 400, { errors: [{ pointer: '/taxRateBasisPoints' }] }],
    [
      'a quantity of zero',
      { lines: [{ ...NEW_ORDER.lines[0], qty: 0 }] },
      400,
      { errors: [{ pointer: '/lines/0/qty' }] },
    ],
  ])('refuses %s, and stores nothing', async (_what, change, status, body) => {
    expect(await create({ ...NEW_ORDER, ...change })).toMatchObject({ status, body });
    expect(await database.counts()).toEqual({ events: 0n, orders: 0n });
  });

  it('is refused without the role ops', async () => {
    expect(await create(NEW_ORDER, randomUUID(), ['finance'])).toMatchObject({
      status: 403,
      body: { code: 'forbidden-role' },
    });
  });
});

describe('placeOrder', () => {
  it('places the draft and writes one event to the outbox', async () => {
    const path = await drafted();
    const placed = await place(path, '"1"');
    expect(placed).toMatchObject({
      status: 200,
      body: { state: 'PLACED', digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(placed.headers.get('etag')).toBe('"2"');
    expect(placed.headers.get('atlas-version')).toMatch(/^order\/.+@1$/);
    expect(await ask('GET', path)).toMatchObject({ body: placed.body });
    expect(await database.counts()).toEqual({ events: 1n, orders: 1n });
  });

  it('with a stale version is refused, and changes nothing', async () => {
    const path = await drafted();
    expect(await place(path, '"7"')).toMatchObject({ status: 412, body: { code: 'version-conflict' } });
    expect(await ask('GET', path)).toMatchObject({ body: { state: 'DRAFT' } });
  });

  it('with one key sent twice gives the same answer twice, and one event', async () => {
    const path = await drafted();
    const first = await place(path, '"1"', 'once');
    const second = await place(path, '"1"', 'once');
    expect(second).toMatchObject({ status: 200, body: first.body });
    expect(second.headers.get('etag')).toBe('"2"');
    expect(await database.counts()).toEqual({ events: 1n, orders: 1n });
  });

  it('sent twice at once succeeds once', async () => {
    const path = await drafted();
    const answers = await Promise.all([place(path, '"1"'), place(path, '"1"')]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 412]));
  });

  it('that is refused says why', async () => {
    const path = await drafted();
    await place(path, '"1"');
    expect(await place(path, '"2"')).toMatchObject({
      status: 409,
      body: { code: 'order-not-draft', detail: 'the order is PLACED' },
    });
    expect(await place(`/v1/orders/${randomUUID()}`, '"1"')).toMatchObject({
      status: 404,
      body: { code: 'order-not-found' },
    });
    expect(await ask('POST', `${path}/place`, { headers: { 'idempotency-key': randomUUID() } })).toMatchObject({
      status: 428,
      body: { code: 'if-match-missing' },
    });
  });
});

function tooMuch() {
  const line = { sku: 'BOLT-M8', qty: Number.MAX_SAFE_INTEGER, unitPrice: { preciseAmount: 1, fractionDigits: 2 } };
  return [line, line];
}
