import type {
  AwaitingApproval,
  AwaitingPayment,
  Cancellation,
  CancellationRequest,
  Cancelled,
  Cancelling,
  Confirmation,
  Discarded,
  Draft,
  Fulfilled,
  Invoice,
  Order,
  PartiallyFulfilled,
  Placed,
  Placement,
  Ready,
  Reservation,
  Shipment,
} from './order.ts';

/**
 * The members that every change of an order sets. The order has been in its state since `now`, unless it was in that
 * state before.
 */
function next<State extends Order['state']>(order: Order, state: State, now: Date) {
  return {
    state,
    version: order.version + 1n,
    since: order.state === state ? order.since : now,
    terms: order.terms,
  };
}

/** How an order evolves. A step that the state table does not have is a type error. */
export const evolve = {
  toPlaced: (order: Draft, placement: Placement): Placed => ({
    ...next(order, 'PLACED', placement.placedAt),
    placement,
  }),

  toAwaitingApproval: (order: Placed, reservation: Reservation, now: Date): AwaitingApproval => ({
    ...next(order, 'AWAITING_APPROVAL', now),
    placement: order.placement,
    reservation,
  }),

  toAwaitingPayment: (order: AwaitingApproval, confirmation: Confirmation, now: Date): AwaitingPayment => ({
    ...next(order, 'AWAITING_PAYMENT', now),
    placement: order.placement,
    reservation: order.reservation,
    confirmation,
    invoice: undefined,
  }),

  /** The same state, with what Billing has said about the invoice. */
  withInvoice: <O extends AwaitingPayment | Ready | PartiallyFulfilled | Cancelling | Fulfilled>(
    order: O,
    invoice: Invoice,
  ): O => ({ ...order, version: order.version + 1n, invoice }),

  toReady: (order: AwaitingPayment, invoice: Invoice, now: Date): Ready => ({
    ...next(order, 'READY', now),
    placement: order.placement,
    reservation: order.reservation,
    confirmation: order.confirmation,
    invoice,
    shipments: [],
  }),

  toPartiallyFulfilled: (order: Ready | PartiallyFulfilled, shipment: Shipment, now: Date): PartiallyFulfilled => ({
    ...next(order, 'PARTIALLY_FULFILLED', now),
    ...released(order),
    shipments: [...order.shipments, shipment],
  }),

  toCancelling: (order: Ready | PartiallyFulfilled, request: CancellationRequest): Cancelling => ({
    ...next(order, 'CANCELLING', request.requestedAt),
    ...released(order),
    request,
  }),

  /** Adds goods that left after the request to cancel, but before Inventory saw it. */
  withShipment: (order: Cancelling, shipment: Shipment): Cancelling => ({
    ...order,
    version: order.version + 1n,
    shipments: [...order.shipments, shipment],
  }),

  toFulfilled: (
    order: Ready | PartiallyFulfilled | Cancelling,
    shipments: readonly Shipment[],
    now: Date,
  ): Fulfilled => ({
    ...next(order, 'FULFILLED', now),
    ...released(order),
    shipments,
    request: 'request' in order ? order.request : undefined,
  }),

  toCancelled: (
    order: Placed | AwaitingApproval | AwaitingPayment | Ready | Cancelling,
    cancellation: Cancellation,
    request?: CancellationRequest,
  ): Cancelled => ({
    ...next(order, 'CANCELLED', cancellation.cancelledAt),
    placement: order.placement,
    confirmation: 'confirmation' in order ? order.confirmation : undefined,
    invoice: 'invoice' in order ? order.invoice : undefined,
    request: 'request' in order ? order.request : request,
    cancellation,
  }),

  toDiscarded: (order: Draft, request: CancellationRequest): Discarded => ({
    ...next(order, 'CANCELLED', request.requestedAt),
    request,
  }),
};

function released(order: Ready | PartiallyFulfilled | Cancelling) {
  const { placement, reservation, confirmation, invoice, shipments } = order;
  return { placement, reservation, confirmation, invoice, shipments };
}
