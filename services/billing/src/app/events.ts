import type {
  InvoiceCreditedEvent,
  InvoiceIssuedEvent,
  InvoicePaidEvent,
  InvoicePaymentFailedEvent,
  JournalPostedEvent,
  ManualJournalRequestedEvent,
  PaymentFailedEvent,
  PaymentSucceededEvent,
  PaymentUnappliedEvent,
  RefundFailedEvent,
  RefundRequestedEvent,
  RefundSucceededEvent,
} from '@atlas/generated-billing';
import { microsOf } from '@atlas/runtime/time';
import type { Credit } from '../domain/credit.ts';
import { netOf, taxOf, totalOf, type Invoice } from '../domain/invoice.ts';
import type { Entry, PostedJournal } from '../domain/ledger.ts';
import { debitsOf, type ManualJournal } from '../domain/manualJournal.ts';
import type { Payment } from '../domain/payment.ts';
import type { Refund } from '../domain/refund.ts';
import type { CreditNote } from '../ports.ts';

/** What other services learn, in the words of the contract. */

export function invoiceIssued(invoice: Invoice): InvoiceIssuedEvent {
  const { orderId, invoiceId, number, currency, terms, dueDate, issuedAt } = invoice;
  return {
    type: 'InvoiceIssued',
    data: {
      orderId,
      invoiceId,
      number,
      net: { amountMinor: netOf(invoice), currency },
      tax: { amountMinor: taxOf(invoice), currency },
      total: { amountMinor: totalOf(invoice), currency },
      terms,
      dueDate,
      issuedAt: microsOf(issuedAt),
    },
  };
}

export function invoicePaid(
  { orderId, invoiceId }: Invoice,
  paymentIds: readonly string[],
  paidAt: Date,
): InvoicePaidEvent {
  return { type: 'InvoicePaid', data: { orderId, invoiceId, paymentIds, paidAt: microsOf(paidAt) } };
}

export function invoiceCredited(credit: Credit, note: CreditNote): InvoiceCreditedEvent {
  const { orderId, invoiceId, currency } = credit.invoice;
  const { creditNoteId, number, reason, creditedAt } = note;
  return {
    type: 'InvoiceCredited',
    data: {
      orderId,
      invoiceId,
      creditNoteId,
      number,
      net: { amountMinor: credit.net, currency },
      tax: { amountMinor: credit.tax, currency },
      total: { amountMinor: credit.net + credit.tax, currency },
      reason,
      creditedAt: microsOf(creditedAt),
    },
  };
}

export function paymentSucceeded(payment: Payment, succeededAt: Date): PaymentSucceededEvent {
  const { paymentId, orderId, invoiceId, provider, providerRef, captured, currency } = payment;
  return {
    type: 'PaymentSucceeded',
    data: {
      paymentId,
      orderId: orderId ?? null,
      invoiceId: invoiceId ?? null,
      provider,
      providerRef: providerRef ?? '',
      amount: { amountMinor: captured, currency },
      succeededAt: microsOf(succeededAt),
    },
  };
}

export function paymentUnapplied(payment: Payment, unapplied: bigint, recordedAt: Date): PaymentUnappliedEvent {
  const { paymentId, orderId, provider, providerRef, currency } = payment;
  return {
    type: 'PaymentUnapplied',
    data: {
      paymentId,
      orderId: orderId ?? null,
      provider,
      providerRef: providerRef ?? '',
      amount: { amountMinor: unapplied, currency },
      recordedAt: microsOf(recordedAt),
    },
  };
}

export function refundRequested(refund: Refund, { orderId }: Payment): RefundRequestedEvent {
  const { paymentId, refundId, amount, currency, requesterId, automatic, version, digest, requestedAt } = refund;
  return {
    type: 'RefundRequested',
    data: {
      paymentId,
      refundId,
      orderId: orderId ?? null,
      amount: { amountMinor: amount, currency },
      requesterId,
      automatic,
      version,
      digest,
      requestedAt: microsOf(requestedAt),
    },
  };
}

export function journalPosted(journal: PostedJournal): JournalPostedEvent {
  const { journalId, kind, effectiveDate, period, reference, currency, entries, postedAt } = journal;
  return {
    type: 'JournalPosted',
    data: {
      journalId,
      kind,
      effectiveDate,
      period,
      reference,
      lines: eventLines(entries, currency),
      postedAt: microsOf(postedAt),
    },
  };
}

export function refundSucceeded(refund: Refund, { orderId }: Payment, succeededAt: Date): RefundSucceededEvent {
  const { paymentId, refundId, amount, currency, providerRef } = refund;
  return {
    type: 'RefundSucceeded',
    data: {
      paymentId,
      refundId,
      orderId: orderId ?? null,
      amount: { amountMinor: amount, currency },
      providerRef: providerRef ?? '',
      succeededAt: microsOf(succeededAt),
    },
  };
}

export function manualJournalRequested(journal: ManualJournal): ManualJournalRequestedEvent {
  const { journalId, currency, entries, requesterId, version, digest, requestedAt } = journal;
  const { description, effectiveDate, reverses } = journal;
  return {
    type: 'ManualJournalRequested',
    data: {
      journalId,
      total: { amountMinor: debitsOf(entries), currency },
      requesterId,
      version,
      digest,
      requestedAt: microsOf(requestedAt),
      description,
      effectiveDate,
      reverses: reverses ?? null,
      lines: eventLines(entries, currency),
    },
  };
}

function eventLines(entries: readonly Entry[], currency: string): JournalPostedEvent['data']['lines'] {
  return entries.map(({ account, side, amount }) => ({ account, side, amount: { amountMinor: amount, currency } }));
}

/** How a try to collect failed. */
interface Failure {
  readonly final: boolean;
  readonly reason: PaymentFailedEvent['data']['reason'];
  readonly failedAt: Date;
}

export function paymentFailed({ paymentId, orderId, provider }: Payment, failure: Failure): PaymentFailedEvent {
  const { final, reason, failedAt } = failure;
  return {
    type: 'PaymentFailed',
    data: { paymentId, orderId: orderId ?? null, provider, reason, final, failedAt: microsOf(failedAt) },
  };
}

export function invoicePaymentFailed({ orderId, invoiceId }: Invoice, failure: Failure): InvoicePaymentFailedEvent {
  const { final, reason, failedAt } = failure;
  return {
    type: 'InvoicePaymentFailed',
    data: { orderId, invoiceId, final, reason, failedAt: microsOf(failedAt) },
  };
}

export function refundFailed(refund: Refund, { orderId }: Payment, failedAt: Date): RefundFailedEvent {
  const { paymentId, refundId, amount, currency, failure } = refund;
  return {
    type: 'RefundFailed',
    data: {
      paymentId,
      refundId,
      orderId: orderId ?? null,
      amount: { amountMinor: amount, currency },
      reason: failure ?? '',
      failedAt: microsOf(failedAt),
    },
  };
}
