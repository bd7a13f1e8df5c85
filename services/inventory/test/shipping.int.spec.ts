import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OrderPlaced } from '@atlas/generated-inventory';
import { inventoryDatabase, type InventoryDatabase } from './inventoryDatabase.ts';
import { operate, placed, released, type Operations } from './operate.ts';
import { aPlacedOrder } from './scene.ts';

let database: InventoryDatabase;
let at: Operations;
let warehouseId: string;

beforeAll(async () => {
  database = await inventoryDatabase(`inventory_shipping_${process.pid}`);
  at = operate(database);
});
afterAll(() => database.close());

beforeEach(async () => {
  warehouseId = await at.open('BER1', ['BOLT', 'NUT']);
  await at.receive('BOLT', warehouseId, 10);
  await at.receive('NUT', warehouseId, 10);
});
afterEach(() => database.forget());

const lineId = (order: OrderPlaced, index = 0) => order.lines[index]?.lineId ?? '';

const send = (order: OrderPlaced, ...quantities: readonly number[]) =>
  at.dispatch({
    orderId: order.orderId,
    warehouseId,
    lines: quantities.map((qty, index) => ({ lineId: lineId(order, index), qty })),
  });

const stateOf = async (orderId: string) => {
  const answer = await at.reservation(orderId);
  return answer.status === 200 ? answer.body.state : undefined;
};

const bolts = async () => (await database.balances()).find(({ sku }) => sku === 'BOLT');

describe('an order that is released', () => {
  it('leaves in parts until nothing is open, and the last part closes the reservation', async () => {
    const order = await released(at, { sku: 'BOLT', qty: 4n }, { sku: 'NUT', qty: 1n });
    const first = await send(order, 1);
    expect(first).toMatchObject({
      status: 201,
      body: { orderId: order.orderId, warehouseId, state: 'DISPATCHED', lines: [{ sku: 'BOLT', qty: 1 }] },
      events: [
        { type: 'StockMoved', data: { kind: 'SHIPMENT', delta: -1n, onHandAfter: 9n, reservedAfter: 3n } },
        { type: 'ShipmentDispatched', data: { last: false, lines: [{ lineId: lineId(order), sku: 'BOLT', qty: 1n }] } },
      ],
    });
    expect(await bolts()).toEqual({ sku: 'BOLT', onHand: 9n, moved: 9n, reserved: 3n, held: 3n });
    expect(await at.reservation(order.orderId)).toMatchObject({
      body: { state: 'COMMITTED', lines: [{ shipped: 1 }, { shipped: 0 }] },
    });
    expect(await send(order, 3, 1)).toMatchObject({
      events: [{ type: 'StockMoved' }, { type: 'StockMoved' }, { type: 'ShipmentDispatched', data: { last: true } }],
    });
    expect(await at.reservation(order.orderId)).toMatchObject({
      body: { state: 'CLOSED', lines: [{ shipped: 4 }, { shipped: 1 }] },
      version: 4n,
    });
    expect(await database.balances()).toEqual([
      { sku: 'BOLT', onHand: 6n, moved: 6n, reserved: 0n, held: 0n },
      { sku: 'NUT', onHand: 9n, moved: 9n, reserved: 0n, held: 0n },
    ]);
    if (first.status !== 201) throw new Error('the first part was refused');
    expect(await at.shipment(first.body.shipmentId)).toEqual({ status: 200, body: first.body, version: 1n });
  });

  it('has its last piece sent once if two shipments come at once', async () => {
    const order = await released(at, { sku: 'BOLT', qty: 1n });
    const answers = await Promise.all([send(order, 1), send(order, 1), send(order, 1)]);
    expect(answers.map(({ status }) => status).toSorted((left, right) => left - right)).toEqual([201, 409, 409]);
    expect(await bolts()).toMatchObject({ onHand: 9n, moved: 9n, reserved: 0n, held: 0n });
  });

  it('cannot be sent beyond what is open, and then nothing of the shipment leaves', async () => {
    const order = await released(at, { sku: 'BOLT', qty: 4n }, { sku: 'NUT', qty: 1n });
    expect(await send(order, 4, 2)).toMatchObject({ status: 409, problem: { code: 'quantity-not-open' } });
    expect(await bolts()).toMatchObject({ onHand: 10n, moved: 10n, reserved: 4n, held: 4n });
  });

  it('names its ids in capitals or not', async () => {
    const order = await released(at, { sku: 'BOLT' });
    const lines = [{ lineId: lineId(order).toUpperCase(), qty: 1 }];
    const body = { orderId: order.orderId.toUpperCase(), warehouseId: warehouseId.toUpperCase(), lines };
    expect(await at.dispatch(body)).toMatchObject({ status: 201, body: { orderId: order.orderId, warehouseId } });
  });
});

describe('nothing leaves of an order', () => {
  it('that is not released', async () => {
    const order = await placed(at, { sku: 'BOLT' });
    expect(await send(order, 1)).toMatchObject({ status: 409, problem: { code: 'reservation-not-committed' } });
  });

  it('that failed for stock', async () => {
    const order = aPlacedOrder([{ sku: 'BOLT', qty: 11n }]);
    await at.place(order);
    expect(await send(order, 1)).toMatchObject({ status: 409, problem: { code: 'reservation-not-committed' } });
  });

  it('that Inventory does not know', async () => {
    expect(await send(aPlacedOrder([{ sku: 'BOLT' }]), 1)).toMatchObject({
      status: 422,
      problem: { code: 'reservation-unknown', errors: [{ pointer: '/orderId' }] },
    });
  });
});

describe('a shipment', () => {
  it('that does not exist is not found', async () => {
    expect(await at.shipment(randomUUID())).toMatchObject({ status: 404, problem: { code: 'shipment-not-found' } });
  });
});

describe('a cancellation that is requested', () => {
  it('releases what is open, and says what had left', async () => {
    const order = await released(at, { sku: 'BOLT', qty: 4n });
    await send(order, 1);
    const { events } = await at.requestCancellation(order.orderId);
    expect(events).toMatchObject([
      {
        type: 'ReservationReleased',
        data: {
          orderId: order.orderId,
          released: [{ lineId: lineId(order), qty: 3n }],
          shipped: [{ lineId: lineId(order), qty: 1n }],
          cause: 'CANCELLATION_REQUESTED',
        },
      },
    ]);
    expect(await bolts()).toEqual({ sku: 'BOLT', onHand: 9n, moved: 9n, reserved: 0n, held: 0n });
    expect(await send(order, 1)).toMatchObject({ status: 409, problem: { code: 'reservation-not-committed' } });
  });

  it('and a shipment of everything at the same time: exactly one of them gets the goods', async () => {
    const order = await released(at, { sku: 'BOLT', qty: 4n });
    const [shipment, { events }] = await Promise.all([send(order, 4), at.requestCancellation(order.orderId)]);
    const [{ data }] = events;
    const pieces = (lines: typeof data.released) => lines.map(({ qty }) => qty);
    expect([pieces(data.released), pieces(data.shipped)]).toEqual(shipment.status === 201 ? [[], [4n]] : [[4n], []]);
    const onHand = shipment.status === 201 ? 6n : 10n;
    expect(await bolts()).toEqual({ sku: 'BOLT', onHand, moved: onHand, reserved: 0n, held: 0n });
  });

  it.each([
    ['CLOSED', async (order: OrderPlaced) => [await at.release(order.orderId), await send(order, 4)]],
    ['EXPIRED', (order: OrderPlaced) => at.expire(order.orderId)],
    ['RELEASED', (order: OrderPlaced) => at.cancel(order.orderId)],
  ])('in the state %s is answered, and changes nothing', async (state, reach) => {
    const order = await placed(at, { sku: 'BOLT', qty: 4n });
    await reach(order);
    const before = await at.reservation(order.orderId);
    expect(before).toMatchObject({ body: { state } });
    const { events } = await at.requestCancellation(order.orderId);
    const shipped = state === 'CLOSED' ? [{ lineId: lineId(order), qty: 4n }] : [];
    expect(events).toMatchObject([{ type: 'ReservationReleased', data: { released: [], shipped } }]);
    expect(await at.reservation(order.orderId)).toEqual(before);
  });

  it('of an order without a reservation is answered too', async () => {
    const order = aPlacedOrder([{ sku: 'BOLT', qty: 11n }]);
    const nothing = { orderId: order.orderId, released: [], shipped: [] };
    expect((await at.requestCancellation(order.orderId)).events).toMatchObject([
      { data: { ...nothing, reservationId: null } },
    ]);
    await at.place(order);
    expect((await at.requestCancellation(order.orderId)).events).toMatchObject([{ data: nothing }]);
  });
});

describe('a release', () => {
  it('keeps the stock without an end, and cancels the timer', async () => {
    const order = await placed(at, { sku: 'BOLT', qty: 4n });
    expect(await at.release(order.orderId)).toEqual({
      events: [],
      timers: [{ cancel: 'reservationExpiry', key: order.orderId }],
    });
    expect(await at.expire(order.orderId)).toEqual({ events: [], noop: 'COMMITTED' });
    const { body } = { body: undefined, ...(await at.reservation(order.orderId)) };
    expect(body).toMatchObject({ state: 'COMMITTED' });
    expect(body).not.toHaveProperty('expiresAt');
    expect(await at.release(order.orderId)).toEqual({ events: [], noop: 'COMMITTED' });
    expect(await bolts()).toMatchObject({ reserved: 4n, held: 4n });
  });

  it('after the end of its time holds the stock again, from another warehouse if necessary', async () => {
    const order = await placed(at, { sku: 'BOLT', qty: 4n });
    await at.expire(order.orderId);
    const other = await at.open('HAM1');
    await at.receive('BOLT', other, 4);
    await placed(at, { sku: 'BOLT', qty: 7n, warehouseId });
    const { events } = await at.release(order.orderId);
    const reservation = await at.reservation(order.orderId);
    expect(reservation).toMatchObject({ body: { state: 'COMMITTED', lines: [{ warehouseId: other, qty: 4 }] } });
    expect(events).toEqual([
      {
        type: 'ReservationRenewed',
        data: {
          orderId: order.orderId,
          reservationId: expect.any(String),
          lines: [{ lineId: lineId(order), sku: 'BOLT', warehouseId: other, qty: 4n }],
        },
      },
    ]);
    expect((await database.balances()).map(({ reserved, held }) => [reserved, held])).toEqual([
      [7n, 7n],
      [4n, 4n],
      [0n, 0n],
    ]);
    expect(
      await at.dispatch({
        orderId: order.orderId,
        warehouseId: other,
        lines: [{ lineId: lineId(order), qty: 4 }],
      }),
    ).toMatchObject({ status: 201 });
  });

  it('after the end of its time fails if the stock is gone, and the order that is then cancelled holds nothing', async () => {
    const order = await placed(at, { sku: 'BOLT', qty: 4n });
    await at.expire(order.orderId);
    await placed(at, { sku: 'BOLT', qty: 7n });
    expect(await at.release(order.orderId)).toEqual({
      events: [
        {
          type: 'StockReservationFailed',
          data: { orderId: order.orderId, shortages: [{ sku: 'BOLT', wanted: 4n, available: 3n }] },
        },
      ],
    });
    expect(await at.reservation(order.orderId)).toMatchObject({
      body: { state: 'FAILED', lines: [], shortages: [{ wanted: 4, available: 3 }] },
    });
    expect(await at.cancel(order.orderId)).toEqual({ events: [], noop: 'FAILED' });
    expect(await bolts()).toMatchObject({ reserved: 7n, held: 7n });
  });

  it('at the instant at which its time ends leaves the stock held or the order without, and never between', async () => {
    await at.receive('BOLT', warehouseId, 20);
    const orders = await Promise.all(Array.from({ length: 10 }, () => placed(at, { sku: 'BOLT', qty: 3n })));
    await Promise.all(orders.flatMap(({ orderId }) => [at.expire(orderId), at.release(orderId)]));
    for (const { orderId } of orders) {
      expect(await at.reservation(orderId)).toMatchObject({ body: { state: 'COMMITTED' } });
    }
    expect(await bolts()).toMatchObject({ reserved: 30n, held: 30n });
  });

  it('at the instant at which its time ends, with others who want the stock, holds it or fails', async () => {
    const orders = await Promise.all(Array.from({ length: 5 }, () => placed(at, { sku: 'BOLT', qty: 2n })));
    const rivals = Array.from({ length: 5 }, () => aPlacedOrder([{ sku: 'BOLT', qty: 2n }]));
    await Promise.all([
      ...orders.flatMap(({ orderId }) => [at.expire(orderId), at.release(orderId)]),
      ...rivals.map((rival) => at.place(rival)),
    ]);
    const states = await Promise.all([...orders, ...rivals].map(({ orderId }) => stateOf(orderId)));
    const unpaid = states.slice(orders.length);
    expect(states.slice(0, orders.length).filter((state) => state !== 'COMMITTED' && state !== 'FAILED')).toEqual([]);
    expect(unpaid.filter((state) => state !== 'HELD' && state !== 'FAILED')).toEqual([]);
    expect(states.filter((state) => state !== 'FAILED').length).toBeLessThanOrEqual(5);
    expect(database.retries()).toBe(0);
  });

  it('of an unknown order is an error, because the order is paid and would wait', async () => {
    await expect(at.release(randomUUID())).rejects.toThrow('was never placed here');
  });
});

describe('an order that is cancelled', () => {
  it('after it was released holds nothing any more', async () => {
    const order = await released(at, { sku: 'BOLT', qty: 4n });
    expect(await at.cancel(order.orderId)).toMatchObject({
      events: [
        {
          type: 'ReservationReleased',
          data: { released: [{ qty: 4n }], shipped: [], cause: 'ORDER_CANCELLED' },
        },
      ],
    });
    expect(await bolts()).toMatchObject({ onHand: 10n, reserved: 0n, held: 0n });
    expect(await at.release(order.orderId)).toEqual({ events: [], noop: 'RELEASED' });
  });
});
