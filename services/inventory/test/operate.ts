import { randomUUID } from 'node:crypto';
import type {
  ApprovalExpired,
  CreateItem,
  DispatchShipment,
  OrderPlaced,
  RecordReturn,
  RequestAdjustment,
  ReserveStock,
} from '@atlas/generated-inventory';
import type { Ctx, Meta, Read, ReadCtx, Tx } from '@atlas/runtime';
import { microsOf } from '@atlas/runtime/time';
import { pgAdjustmentStore as adjustments } from '../src/adapters/pgAdjustmentStore.ts';
import { pgCatalog as catalog } from '../src/adapters/pgCatalog.ts';
import { pgReservationStore as reservations } from '../src/adapters/pgReservationStore.ts';
import { pgShipmentStore as shipments } from '../src/adapters/pgShipmentStore.ts';
import { pgStockLedger as stock } from '../src/adapters/pgStockLedger.ts';
import { sha256 } from '@atlas/runtime/digest';
import { confirmDelivery } from '../src/app/confirmDelivery.ts';
import { createItem } from '../src/app/createItem.ts';
import { createWarehouse } from '../src/app/createWarehouse.ts';
import { dispatchShipment } from '../src/app/dispatchShipment.ts';
import { getAdjustment } from '../src/app/getAdjustment.ts';
import { getItem } from '../src/app/getItem.ts';
import { getReorderPoint } from '../src/app/getReorderPoint.ts';
import { getReservation } from '../src/app/getReservation.ts';
import { getReturn } from '../src/app/getReturn.ts';
import { getShipment } from '../src/app/getShipment.ts';
import { getStockLevel } from '../src/app/getStockLevel.ts';
import { getWarehouse } from '../src/app/getWarehouse.ts';
import { onApprovalExpired } from '../src/app/onApprovalExpired.ts';
import { onApprovalGranted } from '../src/app/onApprovalGranted.ts';
import { onApprovalRejected } from '../src/app/onApprovalRejected.ts';
import { onOrderCancellationRequested } from '../src/app/onOrderCancellationRequested.ts';
import { onOrderCancelled } from '../src/app/onOrderCancelled.ts';
import { onOrderReleased } from '../src/app/onOrderReleased.ts';
import { onReservationExpiry } from '../src/app/onReservationExpiry.ts';
import { recordReceipt } from '../src/app/recordReceipt.ts';
import { recordReturn } from '../src/app/recordReturn.ts';
import { requestAdjustment } from '../src/app/requestAdjustment.ts';
import { reserveStock } from '../src/app/reserveStock.ts';
import { setReorderPoint } from '../src/app/setReorderPoint.ts';
import { updateItem } from '../src/app/updateItem.ts';
import { answerOf, resultOf, type Answer, type Emitting } from './asContract.ts';
import type { InventoryDatabase } from './inventoryDatabase.ts';
import { aCtx, aMeta, aPlacedOrder } from './scene.ts';

/** What each event about an approval has. */
type Approval = Omit<ApprovalExpired, 'approvalId' | 'expiredAt'>;

const NOBODY_LEAVES = new AbortController().signal;

/** Calls the handlers on a database, each in a transaction of its own, and checks the answers against the contract. */
export function operate(database: InventoryDatabase) {
  const parts = { adjustments, catalog, reservations, sha256, shipments, stock };
  const command = <A extends Answer>(id: string, work: (ctx: Ctx, tx: Tx) => Promise<A>) =>
    database.transaction(async (tx) => answerOf(id, await work(aCtx(), tx)));
  const query = <A extends Answer>(id: string, work: (ctx: ReadCtx, session: Read) => Promise<A>) =>
    database.read(async (session) => answerOf(id, await work({ ...aCtx(), signal: NOBODY_LEAVES }, session)));
  const event = <R extends Emitting>(name: string, work: (rest: { meta: Meta; ctx: Ctx }, tx: Tx) => Promise<R>) =>
    database.transaction(async (tx) => resultOf(name, await work({ meta: aMeta(), ctx: aCtx() }, tx)));
  const now = () => microsOf(new Date());
  /** Gives the orders to the handler as one set. */
  const placeAll = (orders: readonly OrderPlaced[]): Promise<readonly ReserveStock.Result[]> =>
    database.transaction(async (tx) => {
      const messages = orders.map((data) => ({ type: 'OrderPlaced' as const, data, meta: aMeta() }));
      const answers = await reserveStock({ ...parts, holdSeconds: 7 * 86_400 })({ messages, ctx: aCtx() }, tx);
      return answers.map((answer) => resultOf('reserveStock', answer));
    });
  return {
    /** Makes items and a warehouse. Returns the warehouse's id. */
    open: async (code: string, skus: readonly string[] = []): Promise<string> => {
      const warehouseId = randomUUID();
      await database.transaction(async (tx) => {
        for (const sku of skus) await catalog.addItem(tx, { sku, name: sku, baseUnit: 'C62', version: 1n });
        await catalog.addWarehouse(tx, { warehouseId, code, name: code, version: 1n });
      });
      return warehouseId;
    },
    register: (body: CreateItem.Body) => command('createItem', (ctx, tx) => createItem(parts)({ body, ctx }, tx)),
    item: (sku: string) => query('getItem', (ctx, session) => getItem(parts)({ params: { sku }, ctx }, session)),
    openWarehouse: (code: string, name: string) =>
      command('createWarehouse', (ctx, tx) => createWarehouse(parts)({ body: { code, name }, ctx }, tx)),
    warehouse: (warehouseId: string) =>
      query('getWarehouse', (ctx, session) => getWarehouse(parts)({ params: { warehouseId }, ctx }, session)),
    level: (sku: string, warehouseId: string) =>
      query('getStockLevel', (ctx, session) => getStockLevel(parts)({ params: { sku, warehouseId }, ctx }, session)),
    receive: (sku: string, warehouseId: string, qty: number) =>
      command('recordReceipt', (ctx, tx) => recordReceipt(parts)({ body: { sku, warehouseId, qty }, ctx }, tx)),
    rename: (sku: string, name: string, ifMatch: bigint) =>
      command('updateItem', (ctx, tx) => updateItem(parts)({ params: { sku }, body: { name }, ifMatch, ctx }, tx)),
    reorderPoint: (sku: string, warehouseId: string) =>
      query('getReorderPoint', (ctx, session) =>
        getReorderPoint(parts)({ params: { sku, warehouseId }, ctx }, session),
      ),
    setReorderPoint: (sku: string, warehouseId: string, reorderPoint: number | null, ifMatch: bigint) =>
      command('setReorderPoint', (ctx, tx) =>
        setReorderPoint(parts)({ params: { sku, warehouseId }, body: { reorderPoint }, ifMatch, ctx }, tx),
      ),
    requestAdjustment: (body: RequestAdjustment.Body) =>
      command('requestAdjustment', (ctx, tx) => requestAdjustment(parts)({ body, ctx }, tx)),
    adjustment: (adjustmentId: string) =>
      query('getAdjustment', (ctx, session) => getAdjustment(parts)({ params: { adjustmentId }, ctx }, session)),
    grant: (approval: Approval) =>
      event('onApprovalGranted', (rest, tx) => {
        const policy = { auto: false, policyId: null, policyVersion: null, deciders: [] };
        const data = { ...approval, ...policy, approvalId: randomUUID(), decidedAt: now() };
        return onApprovalGranted(parts)({ data, ...rest }, tx);
      }),
    reject: (approval: Approval) =>
      event('onApprovalRejected', (rest, tx) => {
        const decider = { actorId: 'approver-1', onBehalfOf: null };
        const data = { ...approval, approvalId: randomUUID(), decider, comment: 'No', decidedAt: now() };
        return onApprovalRejected(parts)({ data, ...rest }, tx);
      }),
    expireApproval: (approval: Approval) =>
      event('onApprovalExpired', (rest, tx) => {
        const data = { ...approval, approvalId: randomUUID(), expiredAt: now() };
        return onApprovalExpired(parts)({ data, ...rest }, tx);
      }),
    place: async (data: OrderPlaced): Promise<ReserveStock.Result> => {
      const [answer] = await placeAll([data]);
      if (!answer) throw new Error('a set of one order has no answer');
      return answer;
    },
    placeAll,
    release: (orderId: string) =>
      event('onOrderReleased', (rest, tx) => {
        const data = { orderId, orderVersion: 5n, releasedAt: now() };
        return onOrderReleased(parts)({ data, ...rest }, tx);
      }),
    cancel: (orderId: string) =>
      event('onOrderCancelled', (rest, tx) => {
        const data = { orderId, orderVersion: 6n, reason: 'REQUESTED' } as const;
        return onOrderCancelled(parts)({ data, ...rest }, tx);
      }),
    requestCancellation: (orderId: string) =>
      event('onOrderCancellationRequested', (rest, tx) => {
        const data = { orderId, orderVersion: 6n, requestedAt: now() };
        return onOrderCancellationRequested(parts)({ data, ...rest }, tx);
      }),
    /** Fires the reservation's timer, whatever its time. */
    expire: (orderId: string) =>
      database.transaction((tx) => {
        const timer = { key: orderId, at: new Date(), attempt: 1 };
        return onReservationExpiry(parts)({ data: { orderId }, timer, ctx: aCtx() }, tx);
      }),
    dispatch: (body: DispatchShipment.Body) =>
      command('dispatchShipment', (ctx, tx) => dispatchShipment(parts)({ body, ctx }, tx)),
    deliver: (shipmentId: string, ifMatch: bigint) =>
      command('confirmDelivery', (ctx, tx) => confirmDelivery(parts)({ params: { shipmentId }, ifMatch, ctx }, tx)),
    takeBack: (body: RecordReturn.Body) => command('recordReturn', (ctx, tx) => recordReturn(parts)({ body, ctx }, tx)),
    goodsReturn: (returnId: string) =>
      query('getReturn', (ctx, session) => getReturn(parts)({ params: { returnId }, ctx }, session)),
    reservation: (orderId: string) =>
      query('getReservation', (ctx, session) => getReservation(parts)({ params: { orderId }, ctx }, session)),
    shipment: (shipmentId: string) =>
      query('getShipment', (ctx, session) => getShipment(parts)({ params: { shipmentId }, ctx }, session)),
  };
}

export type Operations = ReturnType<typeof operate>;

/** Places an order that can be served, and returns it. */
export async function placed(at: Operations, ...lines: Parameters<typeof aPlacedOrder>[0]): Promise<OrderPlaced> {
  const order = aPlacedOrder(lines);
  const { events } = await at.place(order);
  if (events[0]?.type !== 'StockReserved') throw new Error('the order is not served');
  return order;
}

/** Places and releases an order, so that it can be shipped. */
export async function released(at: Operations, ...lines: Parameters<typeof aPlacedOrder>[0]): Promise<OrderPlaced> {
  const order = await placed(at, ...lines);
  await at.release(order.orderId);
  return order;
}
