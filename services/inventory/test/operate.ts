import { randomUUID } from 'node:crypto';
import type { ApprovalExpired, DispatchShipment, OrderPlaced, RequestAdjustment } from '@atlas/generated-inventory';
import { microsOf } from '@atlas/runtime/time';
import { pgAdjustmentStore as adjustments } from '../src/adapters/pgAdjustmentStore.ts';
import { pgCatalog as catalog } from '../src/adapters/pgCatalog.ts';
import { pgReservationStore as reservations } from '../src/adapters/pgReservationStore.ts';
import { pgShipmentStore as shipments } from '../src/adapters/pgShipmentStore.ts';
import { pgStockLedger as stock } from '../src/adapters/pgStockLedger.ts';
import { sha256 } from '../src/adapters/sha256.ts';
import { dispatchShipment } from '../src/app/dispatchShipment.ts';
import { getAdjustment } from '../src/app/getAdjustment.ts';
import { getReorderPoint } from '../src/app/getReorderPoint.ts';
import { getReservation } from '../src/app/getReservation.ts';
import { getShipment } from '../src/app/getShipment.ts';
import { onApprovalExpired } from '../src/app/onApprovalExpired.ts';
import { onApprovalGranted } from '../src/app/onApprovalGranted.ts';
import { onApprovalRejected } from '../src/app/onApprovalRejected.ts';
import { onOrderCancellationRequested } from '../src/app/onOrderCancellationRequested.ts';
import { onOrderCancelled } from '../src/app/onOrderCancelled.ts';
import { onOrderPlaced } from '../src/app/onOrderPlaced.ts';
import { onOrderReleased } from '../src/app/onOrderReleased.ts';
import { onReservationExpiry } from '../src/app/onReservationExpiry.ts';
import { recordReceipt } from '../src/app/recordReceipt.ts';
import { requestAdjustment } from '../src/app/requestAdjustment.ts';
import { setReorderPoint } from '../src/app/setReorderPoint.ts';
import { updateItem } from '../src/app/updateItem.ts';
import type { InventoryDatabase } from './inventoryDatabase.ts';
import { aCtx, aMeta, aPlacedOrder } from './scene.ts';

/** What each event about an approval has. */
type Approval = Omit<ApprovalExpired, 'approvalId' | 'expiredAt'>;

/** The handlers on a database, each call in a transaction of its own. */
export function operate(database: InventoryDatabase) {
  const { transaction, read } = database;
  const parts = { adjustments, catalog, reservations, sha256, shipments, stock };
  const event = <Data>(data: Data) => ({ data, meta: aMeta(), ctx: aCtx() });
  return {
    /** Items and a warehouse, whose id this gives. */
    open: async (code: string, skus: readonly string[] = []): Promise<string> => {
      const warehouseId = randomUUID();
      await transaction(async (tx) => {
        for (const sku of skus) await catalog.addItem(tx, { sku, name: sku, baseUnit: 'C62', version: 1n });
        await catalog.addWarehouse(tx, { warehouseId, code, name: code, version: 1n });
      });
      return warehouseId;
    },
    receive: (sku: string, warehouseId: string, qty: number) =>
      transaction((tx) => recordReceipt(parts)({ body: { sku, warehouseId, qty }, ctx: aCtx() }, tx)),
    rename: (sku: string, name: string, ifMatch: bigint) =>
      transaction((tx) => updateItem(parts)({ params: { sku }, body: { name }, ifMatch, ctx: aCtx() }, tx)),
    reorderPoint: (sku: string, warehouseId: string) =>
      read((session) => getReorderPoint(parts)({ params: { sku, warehouseId }, ctx: aCtx() }, session)),
    setReorderPoint: (sku: string, warehouseId: string, reorderPoint: number | null, ifMatch: bigint) =>
      transaction((tx) =>
        setReorderPoint(parts)({ params: { sku, warehouseId }, body: { reorderPoint }, ifMatch, ctx: aCtx() }, tx),
      ),
    requestAdjustment: (body: RequestAdjustment.Body, actorId = 'ops-1') =>
      transaction((tx) => {
        const ctx = { ...aCtx(), actor: { id: actorId, roles: ['ops'] } };
        return requestAdjustment(parts)({ body, ctx }, tx);
      }),
    adjustment: (adjustmentId: string) =>
      read((session) => getAdjustment(parts)({ params: { adjustmentId }, ctx: aCtx() }, session)),
    grant: (approval: Approval) =>
      transaction((tx) =>
        onApprovalGranted(parts)(
          event({
            ...approval,
            approvalId: randomUUID(),
            auto: false,
            policyId: null,
            policyVersion: null,
            deciders: [],
            decidedAt: microsOf(new Date()),
          }),
          tx,
        ),
      ),
    reject: (approval: Approval) =>
      transaction((tx) => {
        const decider = { actorId: 'approver-1', onBehalfOf: null };
        const decided = { approvalId: randomUUID(), decider, comment: 'No', decidedAt: microsOf(new Date()) };
        return onApprovalRejected(parts)(event({ ...approval, ...decided }), tx);
      }),
    expireApproval: (approval: Approval) =>
      transaction((tx) =>
        onApprovalExpired(parts)(event({ ...approval, approvalId: randomUUID(), expiredAt: microsOf(new Date()) }), tx),
      ),
    place: (order: OrderPlaced) => transaction((tx) => onOrderPlaced(parts)(event(order), tx)),
    release: (orderId: string) =>
      transaction((tx) =>
        onOrderReleased(parts)(event({ orderId, orderVersion: 5n, releasedAt: microsOf(new Date()) }), tx),
      ),
    cancel: (orderId: string) =>
      transaction((tx) => onOrderCancelled(parts)(event({ orderId, orderVersion: 6n, reason: 'REQUESTED' }), tx)),
    requestCancellation: (orderId: string) =>
      transaction((tx) =>
        onOrderCancellationRequested(parts)(
          event({ orderId, orderVersion: 6n, requestedAt: microsOf(new Date()) }),
          tx,
        ),
      ),
    /** Fires the reservation's timer, whatever its time. */
    expire: (orderId: string) =>
      transaction((tx) => {
        const timer = { key: orderId, at: new Date(), attempt: 1 };
        return onReservationExpiry(parts)({ data: { orderId }, timer, ctx: aCtx() }, tx);
      }),
    dispatch: (body: DispatchShipment.Body) => transaction((tx) => dispatchShipment(parts)({ body, ctx: aCtx() }, tx)),
    reservation: (orderId: string) =>
      read((session) => getReservation(parts)({ params: { orderId }, ctx: aCtx() }, session)),
    shipment: (shipmentId: string) =>
      read((session) => getShipment(parts)({ params: { shipmentId }, ctx: aCtx() }, session)),
  };
}

export type Operations = ReturnType<typeof operate>;

/** Places an order that is served, and gives it. */
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
