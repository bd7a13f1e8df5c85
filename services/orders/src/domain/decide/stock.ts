import { evolve } from '../evolve.ts';
import type { AwaitingApproval, Cancelled, Order, Reservation, Shortage } from '../order.ts';
import { noopIn, type Moved, type Noop } from './decision.ts';

/**
 * StockReserved. It is the answer to a placed order, so it has no effect later. A renewed hold has an event of its own.
 */
export function awaitApproval(order: Order, reservation: Reservation, now: Date): Moved<AwaitingApproval> | Noop {
  switch (order.state) {
    case 'PLACED':
      return { order: evolve.toAwaitingApproval(order, reservation, now) };
    case 'DRAFT':
    case 'AWAITING_APPROVAL':
    case 'AWAITING_PAYMENT':
    case 'READY':
    case 'PARTIALLY_FULFILLED':
    case 'CANCELLING':
    case 'FULFILLED':
    case 'CANCELLED':
      return noopIn(order);
  }
}

/**
 * StockReservationFailed. In READY, the reservation had expired, and its stock is gone. In CANCELLING, the answer to
 * the request to cancel follows.
 */
export function cancelForShortage(order: Order, shortages: readonly Shortage[], now: Date): Moved<Cancelled> | Noop {
  switch (order.state) {
    case 'PLACED':
    case 'READY':
      return { order: evolve.toCancelled(order, { reason: 'INSUFFICIENT_STOCK', shortages, cancelledAt: now }) };
    case 'DRAFT':
    case 'AWAITING_APPROVAL':
    case 'AWAITING_PAYMENT':
    case 'PARTIALLY_FULFILLED':
    case 'CANCELLING':
    case 'FULFILLED':
    case 'CANCELLED':
      return noopIn(order);
  }
}

/** ReservationExpired. In READY, Inventory reserves the stock again when it learns of the release. */
export function cancelForExpiry(order: Order, now: Date): Moved<Cancelled> | Noop {
  switch (order.state) {
    case 'AWAITING_APPROVAL':
    case 'AWAITING_PAYMENT':
      return { order: evolve.toCancelled(order, { reason: 'RESERVATION_EXPIRED', shortages: [], cancelledAt: now }) };
    case 'DRAFT':
    case 'PLACED':
    case 'READY':
    case 'PARTIALLY_FULFILLED':
    case 'CANCELLING':
    case 'FULFILLED':
    case 'CANCELLED':
      return noopIn(order);
  }
}
