import { randomUUID } from 'node:crypto';
import { sql } from 'slonik';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OrderPlaced } from '@atlas/generated-inventory';
import { slonikOf } from '@atlas/runtime/slonik';
import { pgReservationStore as reservations } from '../src/adapters/pgReservationStore.ts';
import { inventoryDatabase, type InventoryDatabase } from './inventoryDatabase.ts';
import { operate, type Operations } from './operate.ts';
import { aPlacedOrder } from './scene.ts';

/** PostgreSQL, appendix A. */
const INSUFFICIENT_PRIVILEGE = '42501';
const SKUS = ['BOLT', 'NUT', 'WASHER'];
let database: InventoryDatabase;
let at: Operations;
let warehouseId: string;

beforeAll(async () => {
  database = await inventoryDatabase(`inventory_reserving_${process.pid}`);
  at = operate(database);
});
afterAll(() => database.close());

beforeEach(async () => {
  warehouseId = await at.open('BER1', SKUS);
});
afterEach(() => database.forget());

const receive = (sku: string, qty: number) => at.receive(sku, warehouseId, qty);

/** The names of the events that the order is answered with. */
const place = async (order: OrderPlaced): Promise<readonly string[]> => {
  const { events } = await at.place(order);
  return events.map(({ type }) => type);
};

const reservationOf = (orderId: string) => database.transaction((tx) => reservations.load(tx, orderId));

describe('a hundred orders at once', () => {
  it('for a stock of ten: exactly ten orders are held', async () => {
    await receive('BOLT', 10);
    const answers = await Promise.all(Array.from({ length: 100 }, () => place(aPlacedOrder([{ sku: 'BOLT' }]))));
    expect(answers.filter(([answer]) => answer === 'StockReserved')).toHaveLength(10);
    expect(answers.filter(([answer]) => answer === 'StockReservationFailed')).toHaveLength(90);
    expect(await database.balances()).toEqual([{ sku: 'BOLT', onHand: 10n, moved: 10n, reserved: 10n, held: 10n }]);
  });

  it('that name the same items in any sequence: no handler runs twice', async () => {
    for (const sku of SKUS) await receive(sku, 100);
    const orders = Array.from({ length: 100 }, (_, index) => {
      const turned = SKUS.map((_sku, position) => ({ sku: SKUS[(position + index) % SKUS.length] ?? '' }));
      return aPlacedOrder(index % 2 === 0 ? turned : turned.toReversed());
    });
    await Promise.all(orders.map((order) => place(order)));
    expect(database.retries()).toBe(0);
    expect((await database.balances()).map(({ reserved, held }) => [reserved, held])).toEqual(
      SKUS.map(() => [100n, 100n]),
    );
  });
});

describe('sets of orders', () => {
  const namesOf = (answers: Awaited<ReturnType<typeof at.placeAll>>) =>
    answers.map(({ events, noop }) => noop ?? events.map(({ type }) => type).join());

  it('at once, of ten orders each, for a stock of ten: exactly ten orders are held', async () => {
    await receive('BOLT', 10);
    const sets = Array.from({ length: 10 }, () => Array.from({ length: 10 }, () => aPlacedOrder([{ sku: 'BOLT' }])));
    const answers = await Promise.all(sets.map((orders) => at.placeAll(orders)));
    expect(Object.groupBy(answers.flatMap(namesOf), (name) => name)).toMatchObject({
      StockReserved: { length: 10 },
      StockReservationFailed: { length: 90 },
    });
    expect(await database.balances()).toEqual([{ sku: 'BOLT', onHand: 10n, moved: 10n, reserved: 10n, held: 10n }]);
  });

  it('that name the same items in any sequence, with receipts and cancellations at once, cause no deadlock', async () => {
    for (const sku of SKUS) await receive(sku, 20);
    const kept = aPlacedOrder([{ sku: 'NUT' }, { sku: 'BOLT' }, { sku: 'WASHER' }]);
    await place(kept);
    const setOf = (index: number) =>
      Array.from({ length: 5 }, (_, n) => aPlacedOrder([{ sku: SKUS[(index + n) % 3] ?? '', qty: BigInt(1 + n) }]));
    await Promise.all([
      ...Array.from({ length: 12 }, (_, index) => at.placeAll(setOf(index))),
      ...Array.from({ length: 12 }, (_, index) => receive(SKUS[index % 3] ?? '', 1)),
      at.cancel(kept.orderId),
    ]);
    expect(database.retries()).toBe(0);
    const balances = await database.balances();
    expect(balances.map(({ onHand, reserved }) => [onHand, reserved])).toEqual(
      balances.map(({ moved, held }) => [moved, held]),
    );
  });

  it('keep orders apart: each has its own lines or shortages, timer and events', async () => {
    await receive('BOLT', 3);
    await receive('NUT', 1);
    const served = aPlacedOrder([{ sku: 'NUT' }, { sku: 'BOLT', qty: 2n }]);
    const short = aPlacedOrder([{ sku: 'NUT' }, { sku: 'BOLT', qty: 2n }]);
    const last = aPlacedOrder([{ sku: 'BOLT' }]);
    const answers = await at.placeAll([served, short, last, served]);
    expect(namesOf(answers)).toEqual(['StockReserved', 'StockReservationFailed', 'StockReserved', 'HELD']);
    expect(answers.map(({ timers }) => timers?.map(({ key }) => key))).toEqual([
      [served.orderId],
      undefined,
      [last.orderId],
      undefined,
    ]);
    const linesOf = ({ lines }: OrderPlaced) =>
      lines.map(({ lineId, sku, qty }) => ({ lineId, sku, qty, warehouseId }));
    expect(await reservationOf(served.orderId)).toMatchObject({ state: 'HELD', lines: linesOf(served) });
    expect(await reservationOf(last.orderId)).toMatchObject({ state: 'HELD', lines: linesOf(last) });
    expect(await reservationOf(short.orderId)).toMatchObject({
      state: 'FAILED',
      shortages: [
        { sku: 'NUT', wanted: 1n, available: 0n },
        { sku: 'BOLT', wanted: 2n, available: 1n },
      ],
    });
  });
});

describe('receipts, orders and cancellations at once', () => {
  it('leave every balance equal to the sums of ledger and reservations, and cause no deadlock', async () => {
    for (const sku of SKUS) await receive(sku, 5);
    const known: string[] = [];
    const orderThenMaybeCancel = async (index: number): Promise<void> => {
      const order = aPlacedOrder([
        { sku: SKUS[index % 3] ?? '', qty: BigInt(1 + (index % 4)) },
        { sku: SKUS[(index + 1) % 3] ?? '' },
      ]);
      known.push(order.orderId);
      await place(order);
      if (index % 2 === 0) await Promise.all([at.cancel(order.orderId), at.cancel(known[index % known.length] ?? '')]);
    };
    await Promise.all(
      Array.from({ length: 90 }, (_, index) =>
        index % 3 === 0 ? receive(SKUS[(index / 3) % 3] ?? '', 1 + (index % 5)) : orderThenMaybeCancel(index),
      ),
    );
    expect(database.retries()).toBe(0);
    const balances = await database.balances();
    expect(balances.map(({ onHand, reserved }) => [onHand, reserved])).toEqual(
      balances.map(({ moved, held }) => [moved, held]),
    );
    expect(balances.filter(({ reserved, onHand }) => reserved > onHand)).toEqual([]);
  });
});

describe('an order', () => {
  it('is held completely or not at all, and the event says what was short', async () => {
    await receive('BOLT', 10);
    await receive('NUT', 1);
    const order = aPlacedOrder([{ sku: 'BOLT', qty: 5n }, { sku: 'NUT', qty: 2n }, { sku: 'NO-SUCH' }]);
    expect(await place(order)).toEqual(['StockReservationFailed']);
    expect(await reservationOf(order.orderId)).toMatchObject({
      state: 'FAILED',
      shortages: [
        { sku: 'NUT', wanted: 2n, available: 1n },
        { sku: 'NO-SUCH', wanted: 1n, available: 0n },
      ],
    });
    expect((await database.balances()).map(({ reserved }) => reserved)).toEqual([0n, 0n]);
  });

  it('with two lines of one item takes both from the balance', async () => {
    await receive('BOLT', 10);
    const order = aPlacedOrder([
      { sku: 'BOLT', qty: 4n },
      { sku: 'BOLT', qty: 5n },
    ]);
    expect(await place(order)).toEqual(['StockReserved']);
    expect(await reservationOf(order.orderId)).toMatchObject({
      state: 'HELD',
      version: 1n,
      lines: order.lines.map(({ lineId, sku, qty }) => ({ lineId, sku, qty, warehouseId })),
    });
    expect(await database.balances()).toMatchObject([{ reserved: 9n, held: 9n }]);
  });

  const send = ({ orderId, lines }: OrderPlaced) =>
    at.dispatch({ orderId, warehouseId, lines: lines.map(({ lineId, qty }) => ({ lineId, qty: Number(qty) })) });

  it.each([
    ['HELD', 10n, () => undefined],
    ['FAILED', 11n, () => undefined],
    ['RELEASED', 10n, (order: OrderPlaced) => at.cancel(order.orderId)],
    ['EXPIRED', 10n, (order: OrderPlaced) => at.expire(order.orderId)],
    ['COMMITTED', 10n, (order: OrderPlaced) => at.release(order.orderId)],
    ['CLOSED', 10n, async (order: OrderPlaced) => [await at.release(order.orderId), await send(order)]],
  ])('that was answered and is %s is not answered again', async (state, qty, reach) => {
    await receive('BOLT', 10);
    const order = aPlacedOrder([{ sku: 'BOLT', qty }]);
    await place(order);
    await reach(order);
    await receive('BOLT', 100);
    const before = [await reservationOf(order.orderId), await database.balances()];
    expect(await at.place(order)).toEqual({ events: [], noop: state });
    expect([await reservationOf(order.orderId), await database.balances()]).toEqual(before);
  });

  it('that names one line twice is refused, so that shipments can name lines', async () => {
    await receive('BOLT', 10);
    const [line] = aPlacedOrder([{ sku: 'BOLT' }]).lines;
    const twice = aPlacedOrder([
      { ...line, sku: 'BOLT' },
      { ...line, sku: 'BOLT' },
    ]);
    await expect(at.place(twice)).rejects.toMatchObject({ constraint: 'reservation_line_ids' });
  });

  it('that comes twice is answered once, also if both come at once', async () => {
    await receive('BOLT', 10);
    const order = aPlacedOrder([{ sku: 'BOLT' }]);
    const both = await Promise.allSettled([place(order), place(order)]);
    expect(both.filter(({ status }) => status === 'fulfilled')).not.toHaveLength(0);
    expect(await place(order)).toEqual([]);
    expect(await database.balances()).toMatchObject([{ reserved: 1n, held: 1n }]);
  });

  it('that is cancelled releases its stock, once', async () => {
    await receive('BOLT', 10);
    const order = aPlacedOrder([{ sku: 'BOLT', qty: 10n }]);
    await place(order);
    await place(aPlacedOrder([{ sku: 'BOLT' }]));
    expect(await at.cancel(order.orderId)).toMatchObject({
      events: [{ type: 'ReservationReleased', data: { released: [{ qty: 10n }], shipped: [] } }],
      timers: [{ cancel: 'reservationExpiry', key: order.orderId }],
    });
    expect(await reservationOf(order.orderId)).toMatchObject({ state: 'RELEASED', version: 2n });
    await at.cancel(order.orderId);
    expect(await database.balances()).toMatchObject([{ reserved: 0n, held: 0n }]);
    expect(await place(aPlacedOrder([{ sku: 'BOLT', qty: 10n }]))).toEqual(['StockReserved']);
  });

  it('that is held sets a timer for the end of its time', async () => {
    await receive('BOLT', 10);
    const order = aPlacedOrder([{ sku: 'BOLT' }]);
    const { timers } = await at.place(order);
    const held = await reservationOf(order.orderId);
    expect(timers).toEqual([
      {
        set: 'reservationExpiry',
        key: order.orderId,
        at: held?.state === 'HELD' ? held.expiresAt : undefined,
        data: { orderId: order.orderId },
      },
    ]);
  });

  it('whose time is over frees its stock and says so, once', async () => {
    await receive('BOLT', 10);
    const order = aPlacedOrder([{ sku: 'BOLT', qty: 10n }]);
    await place(order);
    const { events } = await at.expire(order.orderId);
    const expired = await reservationOf(order.orderId);
    expect(expired).toMatchObject({ state: 'EXPIRED', version: 2n });
    expect(events).toEqual([
      {
        type: 'ReservationExpired',
        data: { orderId: order.orderId, reservationId: expired?.reservationId },
      },
    ]);
    expect(await at.expire(order.orderId)).toEqual({ events: [], noop: 'EXPIRED' });
    expect(await at.cancel(order.orderId)).toEqual({ events: [], noop: 'EXPIRED' });
    expect(await database.balances()).toMatchObject([{ reserved: 0n, held: 0n }]);
  });

  it('whose time ends while it is cancelled ends in one of the two states, and its stock is freed once', async () => {
    await receive('BOLT', 10);
    const order = aPlacedOrder([{ sku: 'BOLT', qty: 10n }]);
    await place(order);
    const [cancelled, expired] = await Promise.all([at.cancel(order.orderId), at.expire(order.orderId)]);
    const [noop] = [cancelled.noop, expired.noop].filter((state) => state !== undefined);
    expect((await reservationOf(order.orderId))?.state).toBe(noop);
    expect(['RELEASED', 'EXPIRED']).toContain(noop);
    expect(await database.balances()).toMatchObject([{ reserved: 0n, held: 0n }]);
  });

  it('that failed, or is unknown, has nothing to release', async () => {
    await receive('BOLT', 1);
    const order = aPlacedOrder([{ sku: 'BOLT', qty: 2n }]);
    await place(order);
    expect(await at.cancel(order.orderId)).toEqual({ events: [], noop: 'FAILED' });
    expect(await at.cancel(randomUUID())).toEqual({ events: [], noop: 'UNKNOWN' });
    expect(await reservationOf(order.orderId)).toMatchObject({ state: 'FAILED', version: 1n });
  });
});

describe('the ledger', () => {
  it('adds up to what is on hand, also if several receipts come at once', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, index) => receive('BOLT', index + 1)));
    expect(await database.balances()).toMatchObject([{ onHand: 465n, moved: 465n }]);
  });

  it.each([
    ['changed', sql.unsafe`UPDATE movement SET delta = 1`],
    ['deleted', sql.unsafe`DELETE FROM movement`],
  ])('cannot be %s by the role of the service', async (_what, statement) => {
    await expect(database.transaction((tx) => slonikOf(tx).query(statement))).rejects.toMatchObject({
      code: INSUFFICIENT_PRIVILEGE,
    });
  });
});

describe('the database', () => {
  it('refuses to reserve more than is on hand', async () => {
    await receive('BOLT', 1);
    const tooMuch = sql.unsafe`UPDATE stock_level SET reserved = 2`;
    await expect(database.transaction((tx) => slonikOf(tx).query(tooMuch))).rejects.toMatchObject({
      constraint: 'never_oversold',
    });
  });
});
