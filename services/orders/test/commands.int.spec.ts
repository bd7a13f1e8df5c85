import { randomUUID } from 'node:crypto';
import type { ServiceProcess } from '@atlas/stack';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pgOrderStore as orders } from '../src/adapters/pgOrderStore.ts';
import { ordersDatabase, type OrdersDatabase } from './ordersDatabase.ts';
import { ordersStack, type OrdersStack } from './ordersStack.ts';
import { saga } from './saga.ts';

const NEW_ORDER = {
  customerId: '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e44',
  currency: 'EUR',
  taxRateBasisPoints: 1900,
  lines: [{ sku: 'BOLT-M8', qty: 10, unitPrice: { preciseAmount: 12_345, fractionDigits: 4 } }],
};

const MERGE_PATCH = { 'content-type': 'application/merge-patch+json' };

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

interface Keyed {
  readonly key?: string;
}

interface Asked {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly roles?: readonly string[];
  readonly sub?: string;
}

async function ask(method: 'GET' | 'POST' | 'PATCH', path: string, asked: Asked = {}) {
  const { body, headers = {}, roles = ['ops'], sub } = asked;
  const response = await fetch(service.url + path, {
    method,
    headers: {
      authorization: `Bearer ${await stack.token(roles, sub)}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

const create = (body: unknown = NEW_ORDER, key: string = randomUUID(), roles: readonly string[] = ['ops']) =>
  ask('POST', '/v1/orders', { body, headers: { 'idempotency-key': key }, roles });

const command =
  (name: 'place' | 'discard' | 'cancel') =>
  (path: string, version: string, asked: Asked & Keyed = {}) =>
    ask('POST', `${path}/${name}`, {
      ...asked,
      headers: { 'idempotency-key': asked.key ?? randomUUID(), 'if-match': version },
    });
const [place, discard, cancel] = [command('place'), command('discard'), command('cancel')];

const update = (path: string, version: string, body: unknown, asked: Asked = {}) =>
  ask('PATCH', path, { body, ...asked, headers: { ...MERGE_PATCH, 'if-match': version, ...asked.headers } });

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

  it('gives the same answer twice, and one event, if it is sent twice with one key', async () => {
    const path = await drafted();
    const first = await place(path, '"1"', { key: 'once' });
    const second = await place(path, '"1"', { key: 'once' });
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

describe('updateDraftOrder', () => {
  it('changes what it names, prices the draft again, and makes its caller the requester', async () => {
    const path = await drafted();
    const updated = await update(path, '"1"', { taxRateBasisPoints: 700, terms: 'NET_30' }, { sub: 'ops-2' });
    expect(updated).toMatchObject({
      status: 200,
      body: {
        state: 'DRAFT',
        requesterId: 'ops-2',
        terms: 'NET_30',
        lines: [{ sku: 'BOLT-M8', net: { amountMinor: 1235 }, tax: { amountMinor: 86 } }],
        total: { amountMinor: 1321 },
      },
    });
    expect(updated.headers.get('etag')).toBe('"2"');
    expect(await ask('GET', path)).toMatchObject({ body: updated.body });
    expect(await database.counts()).toEqual({ events: 0n, orders: 1n });
  });

  it('replaces all lines with those that it names', async () => {
    const path = await drafted();
    const line = { sku: 'NUT-M8', qty: 3, unitPrice: { preciseAmount: 1, fractionDigits: 0 } };
    const { body } = await update(path, '"1"', { lines: [line, line] });
    expect(body).toMatchObject({ lines: [line, line], net: { amountMinor: 600 } });
    expect(await ask('GET', path)).toMatchObject({ body });
  });

  it.each([
    ['nothing', {}, 400, { code: 'validation-failed' }],
    ['no lines', { lines: [] }, 400, { errors: [{ pointer: '/lines' }] }],
    ['lines that are null', { lines: null }, 400, { errors: [{ pointer: '/lines' }] }],
    ['an unknown member', { state: 'READY' }, 400, { errors: [{ pointer: '/state' }] }],
    ['unknown payment terms', { terms: 'NET_90' }, 400, { errors: [{ pointer: '/terms' }] }],
    ['an unknown currency', { currency: 'XXX' }, 422, { code: 'currency-unknown', errors: [{ pointer: '/currency' }] }],
    ['a total that is too large', { lines: tooMuch() }, 422, { code: 'amount-too-large' }],
  ])('with %s is refused, and changes nothing', async (_what, patch, status, body) => {
    const path = await drafted();
    const before = await ask('GET', path);
    expect(await update(path, '"1"', patch)).toMatchObject({ status, body });
    expect(await ask('GET', path)).toMatchObject({ body: before.body });
  });

  it('is refused for another version, another media type, another role, and an order that was placed', async () => {
    const path = await drafted();
    const patch = { terms: 'NET_30' };
    expect(await update(path, '"2"', patch)).toMatchObject({ status: 412, body: { code: 'version-conflict' } });
    expect(await ask('PATCH', path, { body: patch, headers: MERGE_PATCH })).toMatchObject({
      status: 428,
      body: { code: 'if-match-missing' },
    });
    const json = { headers: { 'content-type': 'application/json' } };
    expect(await update(path, '"1"', patch, json)).toMatchObject({ status: 415 });
    expect(await update(path, '"1"', patch, { roles: ['finance'] })).toMatchObject({ status: 403 });
    await place(path, '"1"');
    expect(await update(path, '"2"', patch)).toMatchObject({ status: 409, body: { code: 'order-not-draft' } });
  });
});

describe('discardOrder', () => {
  it('ends a draft without an event, and says who did it', async () => {
    const path = await drafted();
    const discarded = await discard(path, '"1"', { sub: 'ops-2', key: 'once' });
    expect(discarded).toMatchObject({
      status: 200,
      body: {
        state: 'CANCELLED',
        cancellation: { reason: 'DISCARDED', shortages: [] },
        cancellationRequest: { requestedBy: 'ops-2' },
        lines: [{ qty: 10, shipped: 0, cancelled: 10 }],
      },
    });
    expect(discarded.body).not.toHaveProperty('waitsFor');
    expect(discarded.headers.get('atlas-version')).toBeNull();
    expect(await ask('GET', path)).toMatchObject({ body: discarded.body });
    expect(await discard(path, '"1"', { sub: 'ops-2', key: 'once' })).toMatchObject({
      status: 200,
      body: discarded.body,
    });
    expect(await database.counts()).toEqual({ events: 0n, orders: 1n });
  });

  it('is refused for an order that was placed or discarded before', async () => {
    const path = await drafted();
    await discard(path, '"1"');
    expect(await discard(path, '"2"')).toMatchObject({ status: 409, body: { code: 'order-not-draft' } });
    expect(await place(path, '"2"')).toMatchObject({ status: 409, body: { code: 'order-not-draft' } });
  });
});

describe('cancelOrder', () => {
  /** Takes an order up to its payment. Returns the version that it then has. */
  async function paid(path: string): Promise<string> {
    await place(path, '"1"');
    const orderId = path.split('/').at(-1) ?? '';
    const order = await database.read((read) => orders.read(read, orderId));
    const about = saga(orders, (work) => database.transaction(work), orderId);
    await about.reserved();
    await about.granted({ digest: order && 'placement' in order ? order.placement.digest : '' });
    await about.invoiced();
    await about.paid();
    return '"6"';
  }

  it('by Ops cancels an order that was placed, with one event', async () => {
    const path = await drafted();
    await place(path, '"1"');
    const cancelled = await cancel(path, '"2"', { sub: 'ops-2', key: 'once' });
    expect(cancelled).toMatchObject({
      status: 200,
      body: {
        state: 'CANCELLED',
        cancellation: { reason: 'REQUESTED' },
        cancellationRequest: { requestedBy: 'ops-2' },
      },
    });
    expect(cancelled.headers.get('atlas-version')).toMatch(/^order\/.+@2$/);
    expect(await cancel(path, '"2"', { sub: 'ops-2', key: 'once' })).toMatchObject({ body: cancelled.body });
    expect(await database.counts()).toEqual({ events: 2n, orders: 1n });
    expect(await cancel(path, '"3"')).toMatchObject({ status: 409, body: { code: 'order-not-cancellable' } });
  });

  it('by Finance is refused until the order is paid', async () => {
    const path = await drafted();
    const finance = { roles: ['finance'] };
    expect(await cancel(path, '"1"', finance)).toMatchObject({ status: 403, body: { code: 'order-not-paid' } });
    const version = await paid(path);
    expect(await ask('GET', path)).toMatchObject({
      body: {
        state: 'READY',
        waitsFor: { what: 'SHIPMENT', by: 'ops' },
        confirmation: { auto: false },
        invoice: { number: 'INV-2026-000001', dueDate: '2026-11-24', paidAt: expect.any(String) },
      },
    });
    expect(await cancel(path, version, finance)).toMatchObject({
      status: 200,
      body: { state: 'CANCELLING', waitsFor: { what: 'RELEASE', by: 'inventory' } },
    });
  });

  it('is refused for a draft, for another version, and without the role', async () => {
    const path = await drafted();
    expect(await cancel(path, '"1"')).toMatchObject({
      status: 409,
      body: { code: 'order-not-cancellable', detail: 'the order is DRAFT: discard it instead' },
    });
    expect(await cancel(path, '"7"')).toMatchObject({ status: 412, body: { code: 'version-conflict' } });
    expect(await cancel(path, '"1"', { roles: ['admin'] })).toMatchObject({
      status: 403,
      body: { code: 'forbidden-role' },
    });
    expect(await cancel(`/v1/orders/${randomUUID()}`, '"1"')).toMatchObject({ status: 404 });
  });
});

function tooMuch() {
  const line = { sku: 'BOLT-M8', qty: Number.MAX_SAFE_INTEGER, unitPrice: { preciseAmount: 1, fractionDigits: 2 } };
  return [line, line];
}
