import { randomUUID } from 'node:crypto';
import { sql } from 'slonik';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { VersionConflict } from '@atlas/runtime';
import { slonikOf } from '@atlas/runtime/slonik';
import { pgOrderStore as orders } from '../src/adapters/pgOrderStore.ts';
import { cancelForShortage } from '../src/domain/decide/stock.ts';
import { evolve } from '../src/domain/evolve.ts';
import type { Order } from '../src/domain/order.ts';
import { ordersDatabase, type OrdersDatabase } from './ordersDatabase.ts';
import { FOUR, saga } from './saga.ts';
import {
  LINE_ID,
  NOW,
  ORDER_ID,
  aDraft,
  aLine,
  aShipment,
  inEveryState,
  invoice,
  placement,
  request,
  shortage,
} from './samples.ts';

/** PostgreSQL, appendix A. */
const INSUFFICIENT_PRIVILEGE = '42501';
const RESTRICT_VIOLATION = '23001';
const every = inEveryState();
const { digest } = placement;
let database: OrdersDatabase;

beforeAll(async () => {
  database = await ordersDatabase(`orders_answers_${process.pid}`);
});
afterAll(() => database.close());
afterEach(() => database.forget());

const stored = (): Promise<Order | undefined> => database.read((read) => orders.read(read, ORDER_ID));
const about = (orderId = ORDER_ID) => saga(orders, (work) => database.transaction(work), orderId);

/** Stores a draft, and then its changes one after the other. */
async function store(...steps: readonly Order[]): Promise<void> {
  await database.transaction(async (tx) => {
    for (const step of steps) {
      await (step.state === 'DRAFT' ? orders.insert(tx, step) : orders.save(tx, step));
    }
  });
}

const { DRAFT, PLACED, AWAITING_APPROVAL, AWAITING_PAYMENT, READY, PARTIALLY_FULFILLED, CANCELLING, FULFILLED } = every;
const TO_PLACED = [DRAFT, PLACED] as const;
const TO_APPROVAL = [...TO_PLACED, AWAITING_APPROVAL] as const;
const TO_PAYMENT = [...TO_APPROVAL, AWAITING_PAYMENT] as const;
const INVOICED = [...TO_PAYMENT, evolve.withInvoice(AWAITING_PAYMENT, invoice)] as const;
const TO_READY = [...INVOICED, READY] as const;
const TO_SHIPPED = [...TO_READY, PARTIALLY_FULFILLED] as const;
const TO_CANCELLING = [...TO_SHIPPED, CANCELLING] as const;

describe('an order', () => {
  it('goes from its draft to its last shipment', async () => {
    const order = about();
    await store(DRAFT);
    const placed = await order.place();
    if (placed.status !== 200) throw new Error('it was refused');
    const { digest = '' } = placed.body;
    expect(await order.reserved()).toMatchObject({
      events: [{ type: 'OrderReserved', data: { orderVersion: 3n, digest } }],
    });
    expect(await order.granted({ digest })).toMatchObject({
      events: [
        {
          type: 'OrderConfirmed',
          data: {
            orderVersion: 4n,
            terms: 'PREPAID',
            lines: [{ qty: 10n, net: { amountMinor: 1235n }, tax: { amountMinor: 235n } }],
            total: { amountMinor: 1470n, currency: 'EUR' },
          },
        },
      ],
    });
    expect(await order.invoiced()).toEqual({ events: [] });
    expect(await stored()).toMatchObject({
      state: 'AWAITING_PAYMENT',
      version: 5n,
      invoice: { number: invoice.number },
    });
    expect(await order.paid()).toMatchObject({ events: [{ type: 'OrderReleased', data: { orderVersion: 6n } }] });
    expect(await order.dispatched(FOUR)).toMatchObject({
      events: [
        {
          type: 'OrderShipmentRecorded',
          data: { orderVersion: 7n, lines: [{ qty: 4n, net: { amountMinor: 494n } }], net: { amountMinor: 494n } },
        },
      ],
    });
    expect(await order.dispatched([{ lineId: LINE_ID, sku: 'BOLT-M8', qty: 6n }], { last: true })).toMatchObject({
      events: [
        { type: 'OrderShipmentRecorded', data: { orderVersion: 8n, net: { amountMinor: 741n } } },
        { type: 'OrderFulfilled', data: { orderVersion: 8n, cancelledLines: [] } },
      ],
    });
    expect(await stored()).toMatchObject({ state: 'FULFILLED', version: 8n, shipments: [{}, {}], request: undefined });
  });

  it('that is closed short cancels the rest of its lines, with their net and tax', async () => {
    await store(...TO_SHIPPED);
    expect(await about().cancel(7n)).toMatchObject({
      status: 200,
      body: { state: 'CANCELLING', waitsFor: { what: 'RELEASE' }, cancellationRequest: { requestedBy: 'ops-2' } },
      events: [{ type: 'OrderCancellationRequested', data: { orderVersion: 8n } }],
    });
    expect(await about().released(FOUR)).toMatchObject({
      events: [
        {
          type: 'OrderFulfilled',
          data: { cancelledLines: [{ qty: 6n, net: { amountMinor: 741n }, tax: { amountMinor: 141n } }] },
        },
      ],
    });
    expect(await stored()).toMatchObject({ state: 'FULFILLED', request: { requestedBy: 'ops-2' } });
  });

  it('is fulfilled with what left if something leaves while it is being cancelled', async () => {
    await store(...TO_READY);
    await about().cancel(6n);
    expect(await about().dispatched(FOUR)).toMatchObject({ events: [{ type: 'OrderShipmentRecorded' }] });
    expect(await about().released(FOUR)).toMatchObject({ events: [{ type: 'OrderFulfilled' }] });
  });

  it('ends as cancelled even if the answer names lines of which nothing had left', async () => {
    await store(...TO_READY);
    await about().cancel(6n);
    expect(await about().released([{ lineId: LINE_ID, qty: 0n }])).toMatchObject({
      events: [{ type: 'OrderCancelled' }],
    });
  });

  it('ends as cancelled if nothing has left when it is cancelled', async () => {
    await store(...TO_READY);
    await about().cancel(6n, ['finance']);
    expect(await about().released([])).toMatchObject({
      events: [{ type: 'OrderCancelled', data: { reason: 'REQUESTED', orderVersion: 8n } }],
    });
    expect(await stored()).toMatchObject({ state: 'CANCELLED', invoice: { paidAt: NOW }, request: {} });
  });

  it('that may be paid later is released by its invoice, and is marked as paid later without an event', async () => {
    const later = inEveryState({ payment: 'NET_30' }, false);
    await store(later.DRAFT, later.PLACED, later.AWAITING_APPROVAL, later.AWAITING_PAYMENT);
    expect(await about().invoiced()).toMatchObject({ events: [{ type: 'OrderReleased', data: { orderVersion: 5n } }] });
    expect(await about().paid()).toEqual({ events: [] });
    expect(await stored()).toMatchObject({ state: 'READY', version: 6n, invoice: { paidAt: NOW } });
  });
});

describe('an order is cancelled', () => {
  it.each([
    ['for a shortage', TO_PLACED, () => about().short(), 'INSUFFICIENT_STOCK'],
    ['for a shortage after it was paid', TO_READY, () => about().short(), 'INSUFFICIENT_STOCK'],
    ['when its reservation ends', TO_PAYMENT, () => about().expired(), 'RESERVATION_EXPIRED'],
    ['by an approver', TO_APPROVAL, () => about().rejected({ digest }), 'APPROVAL_REJECTED'],
    ['when nobody decides', TO_APPROVAL, () => about().silence({ digest }), 'APPROVAL_EXPIRED'],
    ['when nobody is going to pay', TO_PAYMENT, () => about().declined(), 'PAYMENT_FAILED'],
    ['by Ops', TO_PAYMENT, () => about().cancel(4n), 'REQUESTED'],
  ] as const)('%s', async (_why, steps, handle, reason) => {
    await store(...steps);
    expect(await handle()).toMatchObject({ events: [{ type: 'OrderCancelled', data: { reason } }] });
    expect(await stored()).toMatchObject({ state: 'CANCELLED', cancellation: { reason } });
  });
});

describe('an event', () => {
  it('that means nothing changes nothing, and says why', async () => {
    await store(...TO_PLACED);
    await about().short();
    const before = await stored();
    expect(await about().short()).toEqual({ events: [], noop: 'CANCELLED' });
    expect(await about().reserved()).toEqual({ events: [], noop: 'CANCELLED' });
    expect(await about().paid()).toEqual({ events: [], noop: 'CANCELLED' });
    expect(await stored()).toEqual(before);
  });

  it.each([
    ['a decision about another digest', TO_APPROVAL, () => about().granted({}), 'another version'],
    [
      'a decision about a refund',
      TO_APPROVAL,
      () => about(randomUUID()).granted({ subjectType: 'REFUND' }),
      'another subject',
    ],
    ['a second invoice', INVOICED, () => about().invoiced(randomUUID()), 'known invoice'],
    ['the payment of another invoice', INVOICED, () => about().paid(randomUUID()), 'another invoice'],
    ['a failure that is not final', TO_PAYMENT, () => about().declined({ final: false }), 'not final'],
    [
      'a shipment that is known',
      TO_SHIPPED,
      () => about().dispatched(FOUR, { shipmentId: aShipment(1n).shipmentId }),
      'known shipment',
    ],
  ] as const)('such as %s is counted by what it says', async (_what, steps, handle, noop) => {
    await store(...steps);
    const before = await stored();
    expect(await handle()).toEqual({ events: [], noop });
    expect(await stored()).toEqual(before);
  });

  it.each([
    ['about an unknown order', TO_PLACED, () => about(randomUUID()).reserved(), 'which was never placed here'],
    [
      'about more than was still to leave',
      TO_SHIPPED,
      () => about().dispatched([...FOUR, ...FOUR]),
      'of which 6 are still to leave',
    ],
    [
      'about a line that the order does not have',
      TO_READY,
      () => about().dispatched([{ lineId: ORDER_ID, sku: 'BOLT-M8', qty: 1n }]),
      'does not have',
    ],
    ['that differs about what had left', TO_CANCELLING, () => about().released([]), 'Inventory says that 0 of line'],
    ['about a shipment without a line', TO_READY, () => about().dispatched([], { last: true }), 'has no line'],
    [
      'about a shipment of less than nothing',
      TO_READY,
      () => about().dispatched([...FOUR, { lineId: LINE_ID, sku: 'BOLT-M8', qty: -1n }]),
      'has -1 of line',
    ],
  ] as const)('%s is an error, and changes nothing', async (_what, steps, handle, message) => {
    await store(...steps);
    const before = await stored();
    await expect(handle()).rejects.toThrow(message);
    expect(await stored()).toEqual(before);
  });

  it('waits for another one that is being handled, and then is a no-op', async () => {
    await store(...TO_PLACED);
    const [loaded, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const first = database.transaction(async (tx) => {
      const order = await orders.load(tx, ORDER_ID);
      if (!order) throw new Error('it is not stored');
      const decided = cancelForShortage(order, [shortage], NOW);
      if ('noop' in decided) throw new Error('it is not PLACED');
      loaded.resolve();
      await go.promise;
      await orders.save(tx, decided.order);
    });
    await loaded.promise;
    const second = about().reserved();
    await expect.poll(() => database.waiting()).toBe(1n);
    go.resolve();
    await first;
    expect(await second).toEqual({ events: [], noop: 'CANCELLED' });
    expect(await stored()).toEqual(every.CANCELLED);
  });
});

describe('the store', () => {
  it.each([
    ['DRAFT', [DRAFT]],
    ['PLACED', TO_PLACED],
    ['AWAITING_APPROVAL', TO_APPROVAL],
    ['AWAITING_PAYMENT', TO_PAYMENT],
    ['AWAITING_PAYMENT with an invoice', INVOICED],
    ['READY', TO_READY],
    ['PARTIALLY_FULFILLED', TO_SHIPPED],
    ['CANCELLING', TO_CANCELLING],
    ['FULFILLED', [...TO_CANCELLING, FULFILLED]],
    ['CANCELLED', [...TO_PLACED, every.CANCELLED]],
    ['CANCELLED as a draft', [DRAFT, evolve.toDiscarded(DRAFT, request)]],
  ] as const)('returns an order that is %s as it was', async (_state, steps) => {
    await store(...steps);
    expect(await stored()).toEqual(steps.at(-1));
  });

  it('returns a draft with its lines in sequence, also after they were replaced', async () => {
    const most = { preciseAmount: 2n ** 53n - 1n, fractionDigits: 12 };
    const lines = [aLine(), aLine({ lineId: randomUUID(), unitPrice: most, warehouseId: randomUUID() })];
    const draft = aDraft({ lines });
    await store(draft);
    expect(await stored()).toEqual(draft);
    const replaced = { ...aDraft({ lines: lines.toReversed(), payment: 'NET_30', currency: 'USD' }), version: 2n };
    await database.transaction((tx) => orders.save(tx, replaced));
    expect(await stored()).toEqual(replaced);
  });

  it('loads the new lines of a draft whose lines are replaced meanwhile', async () => {
    await store(DRAFT);
    const replaced = { ...aDraft({ lines: [aLine({ lineId: randomUUID(), qty: 3n })] }), version: 2n };
    const [saved, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const first = database.transaction(async (tx) => {
      await orders.save(tx, replaced);
      await slonikOf(tx).query(sql.unsafe`SELECT`);
      saved.resolve();
      await go.promise;
    });
    await saved.promise;
    const second = database.transaction((tx) => orders.load(tx, ORDER_ID, 2n));
    await expect.poll(() => database.waiting()).toBe(1n);
    go.resolve();
    await first;
    expect(await second).toEqual(replaced);
  });

  it('returns undefined for an order that was never drafted', async () => expect(await stored()).toBeUndefined());

  it('refuses to load a version that is not the expected one', async () => {
    await store(...TO_PLACED);
    await expect(database.transaction((tx) => orders.load(tx, ORDER_ID, 1n))).rejects.toThrow(VersionConflict);
    expect(await database.transaction((tx) => orders.load(tx, ORDER_ID, 2n))).toEqual(PLACED);
  });

  it('refuses to save an order that another transaction has changed in the meantime', async () => {
    await store(...TO_PLACED);
    await expect(database.transaction((tx) => orders.save(tx, PLACED))).rejects.toMatchObject({
      constraint: 'version_rises_by_one',
    });
    expect(await stored()).toEqual(PLACED);
  });
});

describe("the database does not let the service's role", () => {
  it.each([
    [
      'change the total of a placed order',
      sql.unsafe`UPDATE orders SET total = 0, net = 0, tax = 0`,
      { code: RESTRICT_VIOLATION },
    ],
    [
      'change the payment terms of a placed order',
      sql.unsafe`UPDATE orders SET payment_terms = 'NET_30'`,
      { code: RESTRICT_VIOLATION },
    ],
    ['delete the lines of a placed order', sql.unsafe`DELETE FROM order_line`, { code: RESTRICT_VIOLATION }],
    [
      'add a line to a placed order',
      sql.unsafe`INSERT INTO order_line SELECT order_id, 2, gen_random_uuid(), sku, qty, unit_price, unit_price_digits, warehouse_id, net, tax FROM order_line`,
      { code: RESTRICT_VIOLATION },
    ],
    ['change a line', sql.unsafe`UPDATE order_line SET qty = 1`, { code: INSUFFICIENT_PRIVILEGE }],
    ['delete an order', sql.unsafe`DELETE FROM orders`, { code: INSUFFICIENT_PRIVILEGE }],
    ['change a shipment', sql.unsafe`UPDATE order_shipment_line SET qty = 1`, { code: INSUFFICIENT_PRIVILEGE }],
    [
      'release a prepaid order that is not paid',
      sql.unsafe`UPDATE orders SET paid_at = NULL`,
      { constraint: 'released_with_invoice' },
    ],
    [
      'release an order that is not approved',
      sql.unsafe`UPDATE orders SET approval_id = NULL`,
      { constraint: 'approved_before_payment' },
    ],
  ])('%s', async (_what, statement, refusal) => {
    await store(...TO_READY);
    await expect(database.transaction((tx) => slonikOf(tx).query(statement))).rejects.toMatchObject(refusal);
  });
});
