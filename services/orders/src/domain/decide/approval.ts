import { evolve } from '../evolve.ts';
import type { AwaitingApproval, AwaitingPayment, Cancelled, Confirmation, Order } from '../order.ts';
import { noopIn, type Moved, type Noop } from './decision.ts';

/** What a decision is about. */
export interface Subject {
  readonly version: bigint;
  readonly digest: string;
}

/** ApprovalGranted. */
export function confirm(
  order: Order,
  subject: Subject,
  confirmation: Confirmation,
  now: Date,
): Moved<AwaitingPayment> | Noop {
  const awaiting = awaitingThis(order, subject);
  return 'noop' in awaiting ? awaiting : { order: evolve.toAwaitingPayment(awaiting, confirmation, now) };
}

/** ApprovalRejected and ApprovalExpired. */
export function cancelForDecision(
  order: Order,
  subject: Subject,
  reason: 'APPROVAL_REJECTED' | 'APPROVAL_EXPIRED',
  now: Date,
): Moved<Cancelled> | Noop {
  const awaiting = awaitingThis(order, subject);
  if ('noop' in awaiting) return awaiting;
  return { order: evolve.toCancelled(awaiting, { reason, shortages: [], cancelledAt: now }) };
}

/** The order, if it awaits a decision about exactly this version and digest. Other decisions change nothing. */
function awaitingThis(order: Order, subject: Subject): AwaitingApproval | Noop {
  switch (order.state) {
    case 'AWAITING_APPROVAL': {
      const same = subject.version === order.version && subject.digest === order.placement.digest;
      return same ? order : { noop: 'another version' };
    }
    case 'DRAFT':
    case 'PLACED':
    case 'AWAITING_PAYMENT':
    case 'READY':
    case 'PARTIALLY_FULFILLED':
    case 'CANCELLING':
    case 'FULFILLED':
    case 'CANCELLED':
      return noopIn(order);
  }
}
