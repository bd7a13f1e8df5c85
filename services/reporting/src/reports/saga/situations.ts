import { sql, type FragmentSqlToken } from 'slonik';
import type { components } from '@atlas/generated-reporting';
import { instantText } from '../../dates.ts';

export type OrderState = components['schemas']['OrderState'];

/** What is known about an order that has not ended, besides its state. */
export interface Facts {
  /** Until when it should leave its state. */
  readonly deadline: Date;
  readonly invoiceNumber: string | null;
}

/** Something that makes an order leave a state. */
export interface Move {
  /** The operation that somebody calls. Absent if the service acts by itself. */
  readonly operation?: string;
  /** The roles that may call it, or the service. */
  readonly by: readonly string[];
  /** The triggers in the state table of Orders (services/orders/README.md) that this causes. */
  readonly triggers: readonly string[];
}

/** Why an order is in a state. The first situation that applies is used. */
export interface Situation {
  readonly state: OrderState;
  /**
   * A condition and a deadline over `order_summary o`, `order_hold h`, `order_invoice i` and `a`, the last approval of
   * the order. Without a condition, it applies in all other cases.
   */
  readonly when?: FragmentSqlToken;
  readonly deadline: FragmentSqlToken;
  readonly waitsFor: string | ((facts: Facts) => string);
  readonly moves: readonly Move[];
}

/** Services answer at once, so a service that has not answered after this time is down or has a dead letter. */
const SERVICE = sql.fragment`interval '5 minutes'`;
/** How long people may take to dispatch a READY order. */
const DISPATCH = sql.fragment`interval '2 days'`;
/** How long people may take to dispatch the rest or to cancel it. */
const REST = sql.fragment`interval '7 days'`;

const STANDING = sql.fragment`o.state_since + ${SERVICE}`;

const hold: Move = { by: ['inventory'], triggers: ['StockReserved', 'StockReservationFailed'] };
/** If Inventory holds the stock, the order stays READY. */
const renewal: Move = { by: ['inventory'], triggers: ['StockReservationFailed'] };
const expiry: Move = { by: ['inventory'], triggers: ['ReservationExpired'] };
const policy: Move = { by: ['workflow'], triggers: ['ApprovalGranted'] };
const tooLate: Move = { by: ['workflow'], triggers: ['ApprovalExpired'] };
const invoicing: Move = { by: ['billing'], triggers: ['InvoiceIssued'] };
const cancel: Move = { operation: 'cancelOrder', by: ['ops'], triggers: ['cancelOrder'] };
const cancelPaid: Move = { operation: 'cancelOrder', by: ['ops', 'finance'], triggers: ['cancelOrder'] };
const decide: Move = {
  operation: 'decideApproval',
  by: ['approver', 'finance'],
  triggers: ['ApprovalGranted', 'ApprovalRejected'],
};
const pay: Move = { by: ['the customer'], triggers: ['InvoicePaid', 'InvoicePaymentFailed'] };
const payByHand: Move = { operation: 'recordManualPayment', by: ['finance'], triggers: ['InvoicePaid'] };
const dispatch: Move = { operation: 'dispatchShipment', by: ['ops'], triggers: ['ShipmentDispatched'] };
const release: Move = { by: ['inventory'], triggers: ['ReservationReleased'] };

/** A situation in which the answer exists and Orders only has to read it. */
const unread = (what: string, triggers: readonly string[]): Pick<Situation, 'waitsFor' | 'moves'> => ({
  waitsFor: `Orders has to read ${what}.`,
  moves: [{ by: ['orders'], triggers }],
});

const inWords = (instant: Date): string => `${instantText(instant.toISOString())} UTC`;

/** All situations of orders that have not ended. Each state ends with one that always applies. */
export const SITUATIONS: readonly Situation[] = [
  {
    state: 'PLACED',
    when: sql.fragment`h.state IS NOT NULL`,
    deadline: STANDING,
    ...unread('what Inventory answered', ['StockReserved', 'StockReservationFailed']),
  },
  {
    state: 'PLACED',
    deadline: STANDING,
    waitsFor: 'Inventory has to hold stock for all lines.',
    moves: [hold, cancel],
  },
  {
    state: 'AWAITING_APPROVAL',
    when: sql.fragment`h.state = 'EXPIRED'`,
    deadline: sql.fragment`greatest(o.state_since, h.expires_at) + ${SERVICE}`,
    ...unread('that its stock is not held any more', ['ReservationExpired']),
  },
  {
    state: 'AWAITING_APPROVAL',
    when: sql.fragment`a.state = 'PENDING'`,
    deadline: sql.fragment`least(a.due_at, h.expires_at, o.state_since + interval '7 days')`,
    waitsFor: ({ deadline }) => `An approver has to decide by ${inWords(deadline)}.`,
    moves: [decide, cancel, tooLate, expiry],
  },
  {
    state: 'AWAITING_APPROVAL',
    when: sql.fragment`a.state IS NOT NULL`,
    deadline: sql.fragment`greatest(o.state_since, a.ended_at) + ${SERVICE}`,
    ...unread('the decision', ['ApprovalGranted', 'ApprovalRejected', 'ApprovalExpired']),
  },
  {
    state: 'AWAITING_APPROVAL',
    deadline: STANDING,
    waitsFor: 'Workflow has to apply the policy.',
    moves: [policy, cancel, expiry],
  },
  {
    state: 'AWAITING_PAYMENT',
    when: sql.fragment`i.paid_at IS NOT NULL`,
    deadline: sql.fragment`greatest(o.state_since, i.paid_at) + ${SERVICE}`,
    ...unread('that its invoice is paid', ['InvoicePaid']),
  },
  {
    state: 'AWAITING_PAYMENT',
    when: sql.fragment`i.failure_final`,
    deadline: sql.fragment`greatest(o.state_since, i.failed_at) + ${SERVICE}`,
    ...unread('that its payment failed for good', ['InvoicePaymentFailed']),
  },
  {
    state: 'AWAITING_PAYMENT',
    when: sql.fragment`i.terms = 'NET_30'`,
    deadline: sql.fragment`greatest(o.state_since, i.issued_at) + ${SERVICE}`,
    ...unread('that it is invoiced', ['InvoiceIssued']),
  },
  {
    state: 'AWAITING_PAYMENT',
    when: sql.fragment`h.state = 'EXPIRED'`,
    deadline: sql.fragment`greatest(o.state_since, h.expires_at) + ${SERVICE}`,
    ...unread('that its stock is not held any more', ['ReservationExpired']),
  },
  {
    state: 'AWAITING_PAYMENT',
    when: sql.fragment`i.invoice_id IS NOT NULL`,
    deadline: sql.fragment`least(h.expires_at, (i.due_date + 1)::timestamp AT TIME ZONE 'UTC')`,
    waitsFor: ({ deadline, invoiceNumber }) =>
      `The customer has to pay invoice ${invoiceNumber ?? ''} by ${inWords(deadline)}.`,
    moves: [pay, payByHand, cancel, expiry],
  },
  {
    state: 'AWAITING_PAYMENT',
    deadline: STANDING,
    waitsFor: 'Billing has to invoice the order.',
    moves: [invoicing, cancel, expiry],
  },
  {
    state: 'READY',
    when: sql.fragment`h.state = 'FAILED'`,
    deadline: STANDING,
    ...unread('that Inventory has no stock for it any more', ['StockReservationFailed']),
  },
  {
    state: 'READY',
    when: sql.fragment`h.state = 'EXPIRED'`,
    deadline: sql.fragment`greatest(o.state_since, h.expires_at) + ${SERVICE}`,
    waitsFor: 'Inventory has to hold its stock once more, because the time of the hold was over.',
    moves: [renewal, cancelPaid],
  },
  {
    state: 'READY',
    deadline: sql.fragment`o.state_since + ${DISPATCH}`,
    waitsFor: 'Somebody has to dispatch a shipment.',
    moves: [dispatch, cancelPaid],
  },
  {
    state: 'PARTIALLY_FULFILLED',
    deadline: sql.fragment`greatest(o.state_since, h.last_shipped_at) + ${REST}`,
    waitsFor: 'Somebody has to dispatch the rest, or to cancel the order, which cancels only the rest.',
    moves: [dispatch, cancelPaid],
  },
  {
    state: 'CANCELLING',
    deadline: STANDING,
    waitsFor: 'Inventory has to say what had left before it was asked.',
    moves: [release],
  },
];

/** The states of orders that have not ended, in their order. */
export const OPEN_STATES: readonly OrderState[] = [...new Set(SITUATIONS.map(({ state }) => state))];

/** What an order waits for, in a sentence. */
export function waitsFor({ waitsFor: says }: Situation, facts: Facts): string {
  return typeof says === 'string' ? says : says(facts);
}

/** What would move an order, and who may do it: `decideApproval by approver; workflow (ApprovalExpired)`. */
export function movedBy({ moves }: Situation): string {
  return moves.map(moveInWords).join('; ');
}

function moveInWords({ operation, by, triggers }: Move): string {
  const who = by.join(' or ');
  return operation === undefined ? `${who} (${triggers.join(' or ')})` : `${operation} by ${who}`;
}
