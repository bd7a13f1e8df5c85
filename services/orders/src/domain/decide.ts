import { orderCancelled, orderPlaced, orderReserved } from './events.ts';
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

/** A step of the state table: the order afterwards and what the world is told. */
interface Step<After, Told> {
  readonly order: After;
  readonly event: Told;
}

type PlacedStep =
  | ({ readonly ok: true } & Step<Placed, ReturnType<typeof orderPlaced>>)
  | { readonly ok: false; readonly problem: { readonly code: 'order-not-draft'; readonly detail: string } };

/** placeOrder. */
export function place(order: Order, placement: Placement): PlacedStep {
  switch (order.state) {
    case 'DRAFT': {
      const placed = evolve.toPlaced(order, placement);
      return { ok: true, order: placed, event: orderPlaced(placed) };
    }
    case 'PLACED':
    case 'AWAITING_APPROVAL':
    case 'CANCELLED':
      return { ok: false, problem: { code: 'order-not-draft', detail: `the order is ${order.state}` } };
  }
}

/** StockReserved. Undefined is the table's no-op: the answer is stale or a repetition. */
export function awaitApproval(
  order: Order,
  reservation: Reservation,
): Step<AwaitingApproval, ReturnType<typeof orderReserved>> | undefined {
  switch (order.state) {
    case 'PLACED': {
      const awaiting = evolve.toAwaitingApproval(order, reservation);
      return { order: awaiting, event: orderReserved(awaiting) };
    }
    case 'DRAFT':
    case 'AWAITING_APPROVAL':
    case 'CANCELLED':
      return undefined;
  }
}

/** StockReservationFailed. Undefined is the table's no-op: the answer is stale or a repetition. */
export function cancelForShortage(
  order: Order,
  shortages: readonly Shortage[],
  cancelledAt: Date,
): Step<Cancelled, ReturnType<typeof orderCancelled>> | undefined {
  switch (order.state) {
    case 'PLACED': {
      const cancelled = evolve.toCancelled(order, { reason: 'INSUFFICIENT_STOCK', shortages, cancelledAt });
      return { order: cancelled, event: orderCancelled(cancelled) };
    }
    case 'DRAFT':
    case 'AWAITING_APPROVAL':
    case 'CANCELLED':
      return undefined;
  }
}
