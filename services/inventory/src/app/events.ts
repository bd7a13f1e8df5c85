import type {
  AdjustmentPostedEvent,
  AdjustmentRejectedEvent,
  AdjustmentRequestedEvent,
  ItemChangedEvent,
  ReorderPointReachedEvent,
  ReservationExpiredEvent,
  ReservationReleasedEvent,
  ReservationRenewedEvent,
  ReturnRecordedEvent,
  ShipmentDispatchedEvent,
  StockMovedEvent,
  StockReservationFailedEvent,
  StockReservedEvent,
} from '@atlas/generated-inventory';
import { microsOf } from '@atlas/runtime/time';
import type { PendingAdjustment, RejectedAdjustment } from '../domain/adjustment.ts';
import type { Item } from '../domain/catalog.ts';
import type { Acknowledgement } from '../domain/decide.ts';
import type { Committed, Expired, Failed, Held, HeldLine, Reservation } from '../domain/reservation.ts';
import type { Reached } from '../domain/reorder.ts';
import type { Shipment } from '../domain/shipment.ts';
import type { GoodsReturn } from '../domain/takeBack.ts';
import type { Movement } from '../domain/stock.ts';

/** What other services learn about stock, in the words of the contract. */

export function stockReserved({ orderId, reservationId, expiresAt, lines }: Held): StockReservedEvent {
  return {
    type: 'StockReserved',
    data: {
      orderId,
      reservationId,
      expiresAt: microsOf(expiresAt),
      lines: lines.map(placeOf),
    },
  };
}

export function stockReservationFailed({ orderId, shortages }: Failed): StockReservationFailedEvent {
  return { type: 'StockReservationFailed', data: { orderId, shortages } };
}

export function reservationExpired({ orderId, reservationId }: Expired): ReservationExpiredEvent {
  return { type: 'ReservationExpired', data: { orderId, reservationId } };
}

/** For an expired hold that was committed. `StockReserved` does not fit, because it has an end. */
export function reservationRenewed({ orderId, reservationId, lines }: Committed): ReservationRenewedEvent {
  return { type: 'ReservationRenewed', data: { orderId, reservationId, lines: lines.map(placeOf) } };
}

function placeOf({ lineId, sku, warehouseId, qty }: HeldLine) {
  return { lineId, sku, warehouseId, qty };
}

/** It leaves out the time of the movement, because that is the time of the event. */
export function stockMoved(movement: Movement): StockMovedEvent {
  const { movementId, sku, warehouseId, kind, delta, onHandAfter, reservedAfter } = movement;
  return { type: 'StockMoved', data: { movementId, sku, warehouseId, kind, delta, onHandAfter, reservedAfter } };
}

export function reservationReleased(
  orderId: string,
  reservation: Reservation | undefined,
  { released, shipped }: Acknowledgement,
  cause: 'ORDER_CANCELLED' | 'CANCELLATION_REQUESTED',
): ReservationReleasedEvent {
  const reservationId = reservation?.reservationId ?? null;
  return { type: 'ReservationReleased', data: { orderId, reservationId, released, shipped, cause } };
}

/** `last` says that nothing of the order is held any more. */
export function shipmentDispatched(shipment: Shipment, { last }: { readonly last: boolean }): ShipmentDispatchedEvent {
  const { orderId, shipmentId, warehouseId, lines, dispatchedAt } = shipment;
  return {
    type: 'ShipmentDispatched',
    data: {
      orderId,
      shipmentId,
      warehouseId,
      lines: lines.map(({ lineId, sku, qty }) => ({ lineId, sku, qty })),
      last,
      dispatchedAt: microsOf(dispatchedAt),
    },
  };
}

export function reorderPointReached({ sku, warehouseId, reorderPoint, free }: Reached): ReorderPointReachedEvent {
  return { type: 'ReorderPointReached', data: { sku, warehouseId, reorderPoint, free } };
}

export function itemChanged(item: Item, changedAt: Date): ItemChangedEvent {
  return { type: 'ItemChanged', data: { ...item, changedAt: microsOf(changedAt) } };
}

export function adjustmentRequested({ terms, version, digest }: PendingAdjustment): AdjustmentRequestedEvent {
  return { type: 'AdjustmentRequested', data: { ...terms, version, digest, requestedAt: microsOf(terms.requestedAt) } };
}

export function adjustmentPosted(adjustmentId: string, movement: Movement): AdjustmentPostedEvent {
  const { sku, warehouseId, delta, onHandAfter, recordedAt } = movement;
  const data = { adjustmentId, sku, warehouseId, delta, onHandAfter, postedAt: microsOf(recordedAt) };
  return { type: 'AdjustmentPosted', data };
}

export function adjustmentRejected({ terms, rejection, decidedAt }: RejectedAdjustment): AdjustmentRejectedEvent {
  const { adjustmentId } = terms;
  return { type: 'AdjustmentRejected', data: { adjustmentId, reason: rejection, rejectedAt: microsOf(decidedAt) } };
}

export function returnRecorded(goodsReturn: GoodsReturn): ReturnRecordedEvent {
  const { orderId, returnId, shipmentId, warehouseId, lines, credit, recordedAt } = goodsReturn;
  const data = { orderId, returnId, shipmentId, warehouseId, lines, credit, recordedAt: microsOf(recordedAt) };
  return { type: 'ReturnRecorded', data };
}
