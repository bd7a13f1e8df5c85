import { redraft, type DraftChange, type DraftProblem } from '../draft.ts';
import { evolve } from '../evolve.ts';
import type {
  CancellationRequest,
  Cancelled,
  Cancelling,
  Discarded,
  Draft,
  Order,
  Placed,
  Placement,
} from '../order.ts';

interface Problem<Code extends string> {
  readonly ok: false;
  readonly problem: { readonly code: Code; readonly detail: string };
}
type Decided<Next extends Order, Code extends string> = { readonly ok: true; readonly order: Next } | Problem<Code>;

/** placeOrder. */
export function place(order: Order, placement: Placement): Decided<Placed, 'order-not-draft'> {
  return order.state === 'DRAFT' ? { ok: true, order: evolve.toPlaced(order, placement) } : notDraft(order);
}

/** discardOrder. */
export function discard(order: Order, request: CancellationRequest): Decided<Discarded, 'order-not-draft'> {
  return order.state === 'DRAFT' ? { ok: true, order: evolve.toDiscarded(order, request) } : notDraft(order);
}

/** updateDraftOrder. */
export function change(
  order: Order,
  wanted: DraftChange,
  requesterId: string,
): Decided<Draft, 'order-not-draft' | DraftProblem['code']> {
  return order.state === 'DRAFT' ? redraft(order, wanted, requesterId) : notDraft(order);
}

/** cancelOrder. `roles` are those of the person who asks for it. */
export function cancel(
  order: Order,
  request: CancellationRequest,
  roles: readonly string[],
): Decided<Cancelled | Cancelling, 'order-not-paid' | 'order-not-cancellable'> {
  if (!roles.includes('ops') && !isPaid(order)) {
    return refused('order-not-paid', 'the order is not paid, and Finance may only cancel an order that is');
  }
  switch (order.state) {
    case 'PLACED':
    case 'AWAITING_APPROVAL':
    case 'AWAITING_PAYMENT': {
      const cancellation = { reason: 'REQUESTED', shortages: [], cancelledAt: request.requestedAt } as const;
      return { ok: true, order: evolve.toCancelled(order, cancellation, request) };
    }
    case 'READY':
    case 'PARTIALLY_FULFILLED':
      return { ok: true, order: evolve.toCancelling(order, request) };
    case 'DRAFT':
      return refused('order-not-cancellable', 'the order is DRAFT: discard it instead');
    case 'CANCELLING':
    case 'FULFILLED':
    case 'CANCELLED':
      return refused('order-not-cancellable', `the order is ${order.state}`);
  }
}

/** Whether Billing has said that nothing is left to pay. */
function isPaid(order: Order): boolean {
  return 'invoice' in order && order.invoice?.paidAt !== undefined;
}

function notDraft(order: Order): Problem<'order-not-draft'> {
  return refused('order-not-draft', `the order is ${order.state}`);
}

function refused<Code extends string>(code: Code, detail: string): Problem<Code> {
  return { ok: false, problem: { code, detail } };
}
