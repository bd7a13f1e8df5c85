import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CreateOrder } from '@atlas/generated-orders';
import { pgOrderStore as orders } from '../src/adapters/pgOrderStore.ts';
import { createOrder } from '../src/app/createOrder.ts';
import { getOrder } from '../src/app/getOrder.ts';
import { ordersDatabase, type OrdersDatabase } from './ordersDatabase.ts';
import { NOW } from './samples.ts';

let database: OrdersDatabase;

beforeAll(async () => {
  database = await ordersDatabase(`orders_drafting_${process.pid}`);
});
afterAll(() => database.close());
afterEach(() => database.forget());

const line = { sku: 'BOLT-M8', qty: 1, unitPrice: { preciseAmount: 1, fractionDigits: 2 } };
const wanted = { customerId: randomUUID(), currency: 'EUR', taxRateBasisPoints: 0, lines: [line] };
const ctx = { now: NOW, newId: () => randomUUID(), actor: { id: 'ops-1', roles: ['ops'] }, correlationId: 'c-1' };
const readCtx = { ...ctx, signal: new AbortController().signal };

const create = (change: Partial<CreateOrder.Body> = {}) =>
  database.transaction((tx) => createOrder({ orders })({ body: { ...wanted, ...change }, ctx }, tx));

const read = (orderId: string) =>
  database.read((session) => getOrder({ orders })({ params: { orderId }, ctx: readCtx }, session));

describe('a new order', () => {
  it('is the same in the answer and when it is read, also with ids in capitals and with 200 lines', async () => {
    const warehouseId = randomUUID();
    const lines = Array.from({ length: 200 }, () => ({ ...line, warehouseId: warehouseId.toUpperCase() }));
    const created = await create({ customerId: wanted.customerId.toUpperCase(), lines });
    if (created.status !== 201) throw new Error('it was refused');
    expect(created.body).toMatchObject({ customerId: wanted.customerId, total: { amountMinor: 200 } });
    expect(created.body.lines[199]).toMatchObject({ warehouseId });
    expect(await read(created.body.orderId.toUpperCase())).toEqual({ status: 200, body: created.body, version: 1n });
  });

  it.each([
    ['JPY', 0, 15, 1, 2],
    ['EUR', 0, 125, 4, 1],
    ['KWD', 0, 12_345, 4, 1235],
    ['CLF', 0, 12_345, 4, 12_345],
    ['EUR', 1_900, 50, 2, 60],
  ])(
    'in %s at %i basis points of tax, for %i / 10^%i, totals %i',
    async (currency, taxRateBasisPoints, preciseAmount, fractionDigits, amountMinor) => {
      const lines = [{ ...line, unitPrice: { preciseAmount, fractionDigits } }];
      expect(await create({ currency, taxRateBasisPoints, lines })).toMatchObject({
        body: { total: { amountMinor, currency } },
      });
    },
  );

  it.each([
    ['a currency that is not in use', { currency: 'XAU' }, 'currency-unknown', '/currency'],
    ['a total above 2^53 - 1', { lines: [{ ...line, qty: 2 ** 53 - 1 }, line] }, 'amount-too-large', '/lines'],
    ['no line', { lines: [] }, 'order-empty', '/lines'],
  ])('with %s is refused, with a pointer', async (_what, change, code, pointer) => {
    expect(await create(change)).toMatchObject({ status: 422, problem: { code, errors: [{ pointer }] } });
    expect(await database.counts()).toMatchObject({ orders: 0n });
  });
});
