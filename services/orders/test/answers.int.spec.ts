import { randomUUID } from 'node:crypto';
import { sql } from 'slonik';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { OnStockReserved } from '@atlas/generated-orders';
import { VersionConflict } from '@atlas/runtime';
import { slonikOf } from '@atlas/runtime/slonik';
import { microsOf } from '@atlas/runtime/time';
import { pgOrderStore as orders } from '../src/adapters/pgOrderStore.ts';
import { onReservationExpired } from '../src/app/onReservationExpired.ts';
import { onStockReservationFailed } from '../src/app/onStockReservationFailed.ts';
import { onStockReserved } from '../src/app/onStockReserved.ts';
import { cancelForShortage } from '../src/domain/decide.ts';
import { evolve, type Order, type Placed } from '../src/domain/order.ts';
import { ordersDatabase, type OrdersDatabase } from './ordersDatabase.ts';
import { NOW, ORDER_ID, aDraft, aLine, inEveryState, placement, reservation, shortage } from './samples.ts';

/** PostgreSQL, appendix A. */
const INSUFFICIENT_PRIVILEGE = '42501';
const every = inEveryState();
let database: OrdersDatabase;

beforeAll(async () => {
  database = await ordersDatabase(`orders_answers_${process.pid}`);
});
afterAll(() => database.close());
afterEach(() => database.forget());

const stored = (): Promise<Order | undefined> => database.read((read) => orders.read(read, ORDER_ID));

async function placed(order: Placed = every.PLACED): Promise<void> {
  await database.transaction(async (tx) => {
    await orders.insert(tx, { ...every.DRAFT, terms: order.terms });
    await orders.save(tx, order);
  });
}

const reserved = (orderId = ORDER_ID) =>
  database.transaction((tx) => {
    const expiresAt = microsOf(reservation.expiresAt);
    const data = { orderId, reservationId: reservation.reservationId, expiresAt, lines: [] };
    return onStockReserved({ orders })({ data, meta: aMeta(), ctx: aCtx() }, tx);
  });

const failed = () =>
  database.transaction((tx) =>
    onStockReservationFailed({ orders })(
      { data: { orderId: ORDER_ID, shortages: [shortage] }, meta: aMeta(), ctx: aCtx() },
      tx,
    ),
  );

const expired = () =>
  database.transaction((tx) =>
    onReservationExpired({ orders })(
      { data: { orderId: ORDER_ID, reservationId: reservation.reservationId }, meta: aMeta(), ctx: aCtx() },
      tx,
    ),
  );

describe('the end of a reservation', () => {
  it('cancels an order that awaits approval', async () => {
    await placed();
    await reserved();
    expect(await expired()).toMatchObject({
      events: [{ type: 'OrderCancelled', data: { orderVersion: 4n, reason: 'RESERVATION_EXPIRED' } }],
    });
    expect(await stored()).toMatchObject({
      state: 'CANCELLED',
      version: 4n,
      cancellation: { reason: 'RESERVATION_EXPIRED', shortages: [] },
    });
  });

  it('of an order that has ended changes nothing and sends nothing', async () => {
    await placed();
    await failed();
    expect(await expired()).toEqual({ events: [], noop: 'CANCELLED' });
  });
});

describe('an answer of Inventory', () => {
  it('"held" makes the order wait for approval, with its reservation', async () => {
    await placed();
    expect(await reserved()).toMatchObject({ events: [{ type: 'OrderReserved', data: { orderVersion: 3n } }] });
    expect(await stored()).toEqual(every.AWAITING_APPROVAL);
  });

  it('"failed" cancels the order, with what was short', async () => {
    await placed();
    expect(await failed()).toMatchObject({ events: [{ type: 'OrderCancelled', data: { orderVersion: 3n } }] });
    expect(await stored()).toEqual(every.CANCELLED);
  });

  it('that comes after another one changes nothing and sends nothing', async () => {
    await placed();
    await failed();
    expect(await failed()).toEqual({ events: [], noop: 'CANCELLED' });
    expect(await reserved()).toEqual({ events: [], noop: 'CANCELLED' });
    expect(await stored()).toEqual(every.CANCELLED);
  });

  it('that comes while another one is handled waits for it, and then is a no-op', async () => {
    await placed();
    const [loaded, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const first = database.transaction(async (tx) => {
      const cancelled = cancelForShortage(held(await orders.load(tx, ORDER_ID)), [shortage], NOW);
      loaded.resolve();
      await go.promise;
      await orders.save(tx, held(cancelled));
    });
    await loaded.promise;
    const second = reserved();
    await expect.poll(() => database.waiting()).toBe(1n);
    go.resolve();
    await first;
    expect(await second).toEqual({ events: [], noop: 'CANCELLED' });
    expect(await stored()).toEqual(every.CANCELLED);
  });

  it('about an order that is not here is an error', async () => {
    await expect(reserved(randomUUID())).rejects.toThrow('which was never placed here');
  });
});

describe('the store', () => {
  it('returns a draft as it was, with its lines in sequence', async () => {
    const most = { preciseAmount: 2n ** 53n - 1n, fractionDigits: 12 };
    const lines = [aLine(), aLine({ lineId: randomUUID(), unitPrice: most, warehouseId: randomUUID() })];
    const draft = aDraft({ lines });
    await database.transaction((tx) => orders.insert(tx, draft));
    expect(await stored()).toEqual(draft);
  });

  it('returns undefined for an order that was never drafted', async () => expect(await stored()).toBeUndefined());

  it('refuses to load another version than the one expected', async () => {
    await placed();
    await expect(database.transaction((tx) => orders.load(tx, ORDER_ID, 1n))).rejects.toThrow(VersionConflict);
    expect(await database.transaction((tx) => orders.load(tx, ORDER_ID, 2n))).toEqual(every.PLACED);
  });

  it('refuses to save an order that another transaction has changed in the meantime', async () => {
    await placed();
    const again = evolve.toPlaced(every.DRAFT, placement);
    await expect(database.transaction((tx) => orders.save(tx, again))).rejects.toThrow(VersionConflict);
  });

  it.each([
    ['terms', sql.unsafe`UPDATE orders SET total = 0, net = 0, tax = 0`],
    ['lines', sql.unsafe`UPDATE order_line SET qty = 1`],
    ['existence', sql.unsafe`DELETE FROM orders`],
  ])("does not let the role of the service change an order's %s", async (_what, statement) => {
    await placed();
    await expect(database.transaction((tx) => slonikOf(tx).query(statement))).rejects.toMatchObject({
      code: INSUFFICIENT_PRIVILEGE,
    });
  });
});

function held<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('there should be one');
  return value;
}

function aCtx(): OnStockReserved.Input['ctx'] {
  return { now: NOW, newId: () => randomUUID(), actor: { id: 'ops-1', roles: [] }, correlationId: randomUUID() };
}

/** What comes with an event. No handler of Orders reads it. */
function aMeta(): OnStockReserved.Input['meta'] {
  return {
    id: randomUUID(),
    type: 'atlas.inventory.StockReserved',
    source: 'inventory',
    time: NOW,
    correlationId: randomUUID(),
    causationId: randomUUID(),
    sequence: 1n,
    actorId: 'ops-1',
    topic: 'atlas.inventory.reservation.v1',
    partition: 0,
    offset: 0n,
    attempt: 1,
  };
}
