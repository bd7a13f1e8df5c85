import { randomUUID } from 'node:crypto';
import { sql } from 'slonik';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { VersionConflict } from '@atlas/runtime';
import { slonikOf } from '@atlas/runtime/slonik';
import { inventoryDatabase, type InventoryDatabase } from './inventoryDatabase.ts';
import { operate, released, type Operations } from './operate.ts';

let database: InventoryDatabase;
let at: Operations;
let warehouseId: string;

beforeAll(async () => {
  database = await inventoryDatabase(`inventory_returning_${process.pid}`);
  at = operate(database);
});
afterAll(() => database.close());

beforeEach(async () => {
  warehouseId = await at.open('BER1', ['BOLT', 'NUT']);
  await at.receive('BOLT', warehouseId, 10);
  await at.receive('NUT', warehouseId, 10);
});
afterEach(() => database.forget());

/** A shipment of four bolts and two nuts. */
async function sent() {
  const order = await released(at, { sku: 'NUT', qty: 2n }, { sku: 'BOLT', qty: 4n });
  const lines = order.lines.map(({ lineId, qty }) => ({ lineId, qty: Number(qty) }));
  const answer = await at.dispatch({ orderId: order.orderId, warehouseId, lines });
  if (answer.status !== 201) throw new Error(`the shipment was refused: ${answer.problem.code}`);
  const [nuts = '', bolts = ''] = lines.map(({ lineId }) => lineId);
  return { shipmentId: answer.body.shipmentId, orderId: order.orderId, lines, nuts, bolts };
}

/** A shipment of one bolt of an order for two, so that one is still open. */
async function sentPart() {
  const order = await released(at, { sku: 'BOLT', qty: 2n });
  const lines = order.lines.map(({ lineId }) => ({ lineId, qty: 1 }));
  const answer = await at.dispatch({ orderId: order.orderId, warehouseId, lines });
  if (answer.status !== 201) throw new Error(`the shipment was refused: ${answer.problem.code}`);
  return { shipmentId: answer.body.shipmentId, orderId: order.orderId, lines };
}

const bring = (
  shipmentId: string,
  lines: readonly { readonly lineId: string; readonly qty: number }[],
  change: { readonly warehouseId?: string; readonly credit?: boolean } = {},
) => at.takeBack({ shipmentId, warehouseId, lines, credit: true, reason: 'The wrong size', ...change });

describe('a return', () => {
  it.each([true, false])('goes into stock, and says whether the customer gets the money back: %s', async (credit) => {
    const { shipmentId, orderId, bolts } = await sent();
    const answer = await bring(shipmentId, [{ lineId: bolts.toUpperCase(), qty: 3 }], { credit });
    const { returnId } = { returnId: '', ...('body' in answer ? answer.body : {}) };
    const lines = [{ lineId: bolts, sku: 'BOLT' }];
    expect(answer).toMatchObject({
      status: 201,
      headers: { Location: `/v1/returns/${returnId}` },
      body: { shipmentId, orderId, warehouseId, credit, reason: 'The wrong size', recordedBy: 'ops-1', lines },
      events: [
        { type: 'StockMoved', data: { kind: 'RETURN', sku: 'BOLT', delta: 3n, onHandAfter: 9n, reservedAfter: 0n } },
        { type: 'ReturnRecorded', data: { orderId, returnId, shipmentId, warehouseId, credit, lines } },
      ],
    });
    expect(await at.goodsReturn(returnId)).toEqual({ status: 200, body: 'body' in answer ? answer.body : {} });
    expect(await at.shipment(shipmentId)).toMatchObject({
      body: { state: 'DISPATCHED', lines: [{ returned: 0 }, { returned: 3 }] },
      version: 2n,
    });
    expect(await at.reservation(orderId)).toMatchObject({ body: { state: 'CLOSED' } });
  });

  it('of everything, to a warehouse that never had the items, makes the shipment RETURNED', async () => {
    const { shipmentId, lines } = await sent();
    const other = await at.open('HAM1');
    expect(await bring(shipmentId, lines, { warehouseId: other })).toMatchObject({ status: 201 });
    expect(await at.shipment(shipmentId)).toMatchObject({ body: { state: 'RETURNED' } });
    expect((await database.balances()).map(({ sku, onHand }) => [sku, onHand])).toEqual([
      ['BOLT', 6n],
      ['BOLT', 4n],
      ['NUT', 8n],
      ['NUT', 2n],
    ]);
  });

  it('is never more than left, even if several come at once', async () => {
    const { shipmentId, bolts } = await sent();
    const answers = await Promise.all([1, 2, 3].map(() => bring(shipmentId, [{ lineId: bolts, qty: 3 }])));
    expect(answers.map(({ status }) => status).toSorted((left, right) => left - right)).toEqual([201, 409, 409]);
    expect(answers.find(({ status }) => status === 409)).toMatchObject({ problem: { code: 'quantity-not-shipped' } });
    expect(await database.balances()).toMatchObject([{ sku: 'BOLT', onHand: 9n }, { sku: 'NUT' }]);
  });

  it('of an unknown shipment, or to an unknown warehouse, is refused', async () => {
    const { shipmentId, lines } = await sent();
    expect(await bring(randomUUID(), lines)).toMatchObject({
      status: 422,
      problem: { code: 'shipment-unknown', errors: [{ pointer: '/shipmentId' }] },
    });
    expect(await bring(shipmentId, lines, { warehouseId: randomUUID() })).toMatchObject({
      status: 422,
      problem: { code: 'warehouse-unknown', errors: [{ pointer: '/warehouseId' }] },
    });
    expect(await at.goodsReturn(randomUUID())).toMatchObject({ status: 404, problem: { code: 'return-not-found' } });
  });

  it('and shipments, orders and receipts at once cause no deadlock', async () => {
    const all = await Promise.all([sent(), sent()]);
    const order = await released(at, { sku: 'BOLT' }, { sku: 'NUT' });
    const lines = order.lines.map(({ lineId }) => ({ lineId, qty: 1 }));
    await Promise.all([
      ...all.map((one) => bring(one.shipmentId, one.lines)),
      at.dispatch({ orderId: order.orderId, warehouseId, lines }),
      at.receive('NUT', warehouseId, 1),
      at.receive('BOLT', warehouseId, 1),
      released(at, { sku: 'NUT' }, { sku: 'BOLT' }),
    ]);
    expect(await database.balances()).toMatchObject([{ onHand: 10n }, { onHand: 10n }]);
    expect(database.retries()).toBe(0);
  });
});

describe('returns and cancellations of the same orders at once', () => {
  it('cause no deadlock', async () => {
    await at.receive('BOLT', warehouseId, 30);
    const parts = await Promise.all(Array.from({ length: 10 }, () => sentPart()));
    await Promise.all(
      parts.flatMap(({ orderId, shipmentId, lines }) => [bring(shipmentId, lines), at.requestCancellation(orderId)]),
    );
    expect(await database.balances()).toMatchObject([{ sku: 'BOLT', onHand: 40n, reserved: 0n }, { sku: 'NUT' }]);
    expect(database.retries()).toBe(0);
  });
});

describe('a shipment', () => {
  it('that arrived is DELIVERED, once', async () => {
    const { shipmentId } = await sent();
    expect(await at.deliver(shipmentId, 1n)).toMatchObject({ status: 200, body: { state: 'DELIVERED' }, version: 2n });
    expect(await at.shipment(shipmentId)).toMatchObject({ body: { state: 'DELIVERED' }, version: 2n });
    expect(await at.deliver(shipmentId, 2n)).toMatchObject({
      status: 409,
      problem: { code: 'shipment-not-dispatched' },
    });
    await expect(at.deliver(shipmentId, 1n)).rejects.toThrow(VersionConflict);
  });

  it('can come back after it arrived, and keeps the time of its arrival', async () => {
    const { shipmentId, lines } = await sent();
    await at.deliver(shipmentId, 1n);
    await bring(shipmentId, lines);
    const { body } = { body: undefined, ...(await at.shipment(shipmentId)) };
    expect(body).toMatchObject({ state: 'RETURNED' });
    expect(body).toHaveProperty('deliveredAt');
  });

  it('that is unknown cannot arrive', async () => {
    expect(await at.deliver(randomUUID(), 1n)).toMatchObject({ status: 404, problem: { code: 'shipment-not-found' } });
  });
});

describe('the view of the invariants', () => {
  it('finds a figure that somebody changed by hand', async () => {
    const { bolts } = await sent();
    await database.asOwner(sql.unsafe`UPDATE stock_level SET on_hand = on_hand + 1, reserved = 1 WHERE sku = 'BOLT'`);
    await database.asOwner(sql.unsafe`UPDATE reservation_line SET shipped = 3 WHERE line_id = ${bolts}`);
    await database.asOwner(sql.unsafe`UPDATE shipment_line SET returned = 1 WHERE line_id = ${bolts}`);
    const broken = (await database.drift()).map((sentence) => sentence.split(':')[0]);
    await database.empty();
    expect(broken).toEqual([
      'on hand is the sum of the movements',
      'on hand is what the last movement says',
      'reserved is what is open of HELD and COMMITTED',
      'shipped is the sum of the shipments',
      'a reservation is CLOSED if and only if everything left',
      'returned is the sum of the returns',
    ]);
  });
});

describe('what came back', () => {
  it('cannot be changed by the role of the service', async () => {
    const change = sql.unsafe`UPDATE goods_return_line SET qty = 1`;
    await expect(database.transaction((tx) => slonikOf(tx).query(change))).rejects.toMatchObject({ code: '42501' });
  });
});
