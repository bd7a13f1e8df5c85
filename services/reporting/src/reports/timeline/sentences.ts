import { recordsOf, textOf, type Payload } from './event.ts';

/** What happened, in a sentence without amounts and customers, so that everybody may read it. By the event's name. */
const SENTENCES: Readonly<Record<string, string | ((data: Payload) => string)>> = {
  OrderPlaced: (data) => `The order was placed with ${count(recordsOf(data, 'lines').length, 'line')}.`,
  OrderReserved: 'The order waits for approval, because stock is held for all of its lines.',
  OrderConfirmed: (data) => `The order is approved and can be invoiced${termsOf(data)}.`,
  OrderReleased: 'The stock of the order may leave.',
  OrderShipmentRecorded: 'The order has recorded a shipment.',
  OrderCancellationRequested: 'Somebody asked to cancel the order, and Inventory has to say what has left.',
  OrderCancelled: (data) => `The order was cancelled${because(data, CANCELLATIONS)}.`,
  OrderFulfilled: (data) =>
    recordsOf(data, 'cancelledLines').length === 0
      ? 'All of the order has left.'
      : 'Some of the order has left, and the rest was cancelled.',
  StockReserved: (data) => `Stock is held for ${count(recordsOf(data, 'lines').length, 'line')}.`,
  StockReservationFailed: (data) =>
    `No stock is held, because there is not enough of ${list(recordsOf(data, 'shortages').map(({ sku }) => String(sku)))}.`,
  ReservationExpired: 'The stock is not held any more, because its time was over.',
  ReservationRenewed: (data) =>
    `Stock is held once more for ${count(recordsOf(data, 'lines').length, 'line')}, now without an end.`,
  ReservationReleased: (data) =>
    recordsOf(data, 'shipped').length === 0
      ? 'The stock is not held any more, and nothing had left.'
      : 'The rest of the stock is not held any more, and some had left before.',
  ShipmentDispatched: (data) =>
    `A shipment of ${itemsOf(data)} left a warehouse${data['last'] === true ? ', the last one' : ''}.`,
  ReturnRecorded: (data) => `${itemsOf(data)} came back to a warehouse.`,
  InvoiceIssued: (data) => `Invoice ${textOf(data, 'number') ?? ''} was issued${termsOf(data)}.`,
  InvoicePaid: 'The invoice is paid.',
  InvoicePaymentFailed: (data) =>
    data['final'] === true
      ? `The invoice could not be collected${because(data, PAYMENT_FAILURES)}, and no further try is made.`
      : `A try to collect the invoice failed${because(data, PAYMENT_FAILURES)}.`,
  InvoiceCredited: (data) =>
    `Credit note ${textOf(data, 'number') ?? ''} took back some or all of the invoice${because(data, CREDITS)}.`,
  PaymentSucceeded: (data) => `Money came in through ${providerOf(data)}.`,
  PaymentFailed: (data) =>
    data['final'] === true
      ? `A payment through ${providerOf(data)} ended without money${because(data, PAYMENT_FAILURES)}.`
      : `A try of a payment through ${providerOf(data)} failed${because(data, PAYMENT_FAILURES)}.`,
  PaymentUnapplied: 'Money came in that no open invoice waits for, and is kept as credit of the customer.',
  RefundRequested: (data) =>
    data['automatic'] === true
      ? 'Money is to be paid back, because it came too late or the order was cancelled.'
      : 'Somebody asked to pay money back.',
  RefundSucceeded: 'Money was paid back.',
  RefundFailed: 'Money could not be paid back, and somebody has to look at it.',
  ApprovalRequested: (data) => `${subjectOf(data)} waits for approval in ${count(Number(data['steps'] ?? 1), 'step')}.`,
  StepDecided: (data) => {
    const verdict = data['decision'] === 'REJECT' ? 'rejected' : 'approved';
    // an older event does not have it
    const next = (data['nextStepDueAt'] ?? null) === null ? '' : ', and the next step begins';
    return `Step ${String(data['step'] ?? '')} of the approval was ${verdict}${next}.`;
  },
  ApprovalEscalated: (data) =>
    `Step ${String(data['step'] ?? '')} of the approval waited for too long, so people with the role ${textOf(data, 'role') ?? ''} may decide, too.`,
  ApprovalGranted: (data) =>
    data['auto'] === true
      ? `${subjectOf(data)} is approved, because the policy asks nobody.`
      : `${subjectOf(data)} is approved.`,
  ApprovalRejected: (data) => `${subjectOf(data)} was rejected.`,
  ApprovalExpired: 'The approval expired, because nobody decided in time.',
  ApprovalCancelled: 'The approval was cancelled, because its subject ended before.',
};

/** The names of the events that have a sentence. */
export const TOLD: readonly string[] = Object.keys(SENTENCES);

/** The longest sentence that the contract allows. Texts of others may be longer. */
const MAX_SENTENCE = 500;

/** What happened, by an event. Only the name is known of an event that is newer than this service. */
export function sentenceOf(type: string, data: Payload): string {
  const says = Object.hasOwn(SENTENCES, type) ? SENTENCES[type] : undefined;
  if (says === undefined) return short(`${type} was published.`, MAX_SENTENCE);
  return short(typeof says === 'string' ? says : says(data), MAX_SENTENCE);
}

/** A text cut to at most `length` UTF-16 units, without cutting a character in two. */
export function short(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
}

const CANCELLATIONS: Readonly<Record<string, string>> = {
  INSUFFICIENT_STOCK: 'there is not enough stock',
  RESERVATION_EXPIRED: 'its stock was held for long enough',
  APPROVAL_REJECTED: 'it was rejected',
  APPROVAL_EXPIRED: 'nobody decided in time',
  PAYMENT_FAILED: 'it was not paid',
  REQUESTED: 'somebody asked for that',
};

const PAYMENT_FAILURES: Readonly<Record<string, string>> = {
  DECLINED: 'it was declined',
  EXPIRED: 'it was not paid in time',
  PROVIDER_ERROR: 'the provider failed',
};

const CREDITS: Readonly<Record<string, string>> = {
  ORDER_CANCELLED: 'the order was cancelled',
  REMAINDER_CANCELLED: 'the rest of the order was cancelled',
  REQUESTED: 'somebody asked for that',
};

const SUBJECTS: Readonly<Record<string, string>> = { ORDER: 'The order', REFUND: 'A refund' };

function because(data: Payload, words: Readonly<Record<string, string>>): string {
  const reason = textOf(data, 'reason') ?? '';
  return Object.hasOwn(words, reason) ? `, because ${words[reason]}` : '';
}

function termsOf(data: Payload): string {
  if (data['terms'] === 'PREPAID') return ', to be paid before it leaves';
  return data['terms'] === 'NET_30' ? ', to be paid within 30 days' : '';
}

function providerOf(data: Payload): string {
  const provider = textOf(data, 'provider');
  return provider === undefined || provider === 'manual' ? 'Finance' : provider;
}

function subjectOf(data: Payload): string {
  return SUBJECTS[textOf(data, 'subjectType') ?? ''] ?? 'Something';
}

/** The lines of a payload as `3 × BOLT-M8, 2 × NUT-M8`. */
export function itemsOf(data: Payload): string {
  return list(recordsOf(data, 'lines').map(({ qty, sku }) => `${String(qty)} × ${String(sku)}`));
}

const MAX_LISTED = 5;

function list(items: readonly string[]): string {
  const more = items.length - MAX_LISTED;
  return `${items.slice(0, MAX_LISTED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
