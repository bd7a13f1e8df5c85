import {
  evolve,
  type AwaitingApproval,
  type Cancelled,
  type Order,
  type Placed,
  type Placement,
  type Reservation,
  type Shortage,
} from './order.ts';

type Placing =
  | { readonly ok: true; readonly order: Placed }
  | { readonly ok: false; readonly problem: { readonly code: 'order-not-draft'; readonly detail: string } };

/** placeOrder. */
export function place(order: Order, placement: Placement): Placing {
  switch (order.state) {
    case 'DRAFT':
      return { ok: true, order: evolve.toPlaced(order, placement) };
    case 'PLACED':
    case 'AWAITING_APPROVAL':
    case 'CANCELLED':
      return { ok: false, problem: { code: 'order-not-draft', detail: `the order is ${order.state}` } };
  }
}

/** StockReserved. Undefined is the no-op of the state table: the answer is stale or a repetition. */
export function awaitApproval(order: Order, reservation: Reservation): AwaitingApproval | undefined {
  switch (order.state) {
    case 'PLACED':
      return evolve.toAwaitingApproval(order, reservation);
    case 'DRAFT':
    case 'AWAITING_APPROVAL':
    case 'CANCELLED':
      return undefined;
  }
}

/** StockReservationFailed. Undefined is the no-op of the state table: the answer is stale or a repetition. */
export function cancelForShortage(
  order: Order,
  shortages: readonly Shortage[],
  cancelledAt: Date,
): Cancelled | undefined {
  switch (order.state) {
    case 'PLACED':
      return evolve.toCancelled(order, { reason: 'INSUFFICIENT_STOCK', shortages, cancelledAt });
    case 'DRAFT':
    case 'AWAITING_APPROVAL':
    case 'CANCELLED':
      return undefined;
  }
}

/**
 * ReservationExpired. Undefined is the no-op of the state table: the order has ended, or its answer from Inventory has
 * not come yet, which the order of the events rules out.
 */
export function cancelForExpiry(order: Order, cancelledAt: Date): Cancelled | undefined {
  switch (order.state) {
    case 'AWAITING_APPROVAL':
      return evolve.toCancelled(order, { reason: 'RESERVATION_EXPIRED', shortages: [], cancelledAt });
    case 'DRAFT':
    case 'PLACED':
    case 'CANCELLED':
      return undefined;
  }
}
