import type {
  InvoiceCreditedEvent,
  InvoiceIssuedEvent,
  InvoicePaidEvent,
  JournalPostedEvent,
  PaymentSucceededEvent,
  PaymentUnappliedEvent,
  RefundRequestedEvent,
} from '@atlas/generated-billing';
import { microsOf } from '@atlas/runtime/time';
import type { Credit } from '../domain/credit.ts';
import { netOf, taxOf, totalOf, type Invoice } from '../domain/invoice.ts';
import type { PostedJournal } from '../domain/ledger.ts';
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
      lines: entries.map(({ account, side, amount }) => ({ account, side, amount: { amountMinor: amount, currency } })),
      postedAt: microsOf(postedAt),
    },
  };
}
