import type { components } from '@atlas/generated-billing';
import { creditedOf, netOf, openOf, stateOf, taxOf, totalOf, type Invoice } from '../domain/invoice.ts';
import type { Entry, PostedJournal } from '../domain/ledger.ts';
import type { ManualJournal } from '../domain/manualJournal.ts';
import { creditOf, type Payment } from '../domain/payment.ts';
import type { Period } from '../domain/period.ts';
import type { Refund } from '../domain/refund.ts';
import type { CreditNote, Reconciliation, Unposted } from '../ports.ts';

type Schemas = components['schemas'];

/** Amounts of the domain are at most 2^53 - 1, so no digit is lost. */
function moneyIn(currency: string): (amount: bigint) => Schemas['Money'] {
  return (amount) => ({ amountMinor: Number(amount), currency });
}

/** An invoice as the contract shows it. */
export function viewInvoice(invoice: Invoice): Schemas['Invoice'] {
  const money = moneyIn(invoice.currency);
  return {
    invoiceId: invoice.invoiceId,
    orderId: invoice.orderId,
    customerId: invoice.customerId,
    number: invoice.number,
    state: stateOf(invoice),
    terms: invoice.terms,
    dueDate: invoice.dueDate,
    lines: invoice.lines.map((line) => ({
      lineId: line.lineId,
      sku: line.sku,
      qty: Number(line.qty),
      net: money(line.net),
      tax: money(line.tax),
      creditedNet: money(line.creditedNet),
      creditedTax: money(line.creditedTax),
      recognised: money(line.recognised),
    })),
    net: money(netOf(invoice)),
    tax: money(taxOf(invoice)),
    total: money(totalOf(invoice)),
    credited: money(creditedOf(invoice)),
    paid: money(invoice.applied),
    open: money(openOf(invoice)),
    issuedAt: invoice.issuedAt.toISOString(),
  };
}

/** A payment as the contract shows it. */
export function viewPayment(payment: Payment): Schemas['Payment'] {
  const money = moneyIn(payment.currency);
  const { paymentId, orderId, invoiceId, provider, providerRef, state } = payment;
  return {
    paymentId,
    ...(orderId === undefined ? {} : { orderId }),
    ...(invoiceId === undefined ? {} : { invoiceId }),
    provider,
    ...(providerRef === undefined ? {} : { providerRef }),
    state,
    amount: money(payment.amount),
    captured: money(payment.captured),
    applied: money(payment.applied),
    refunded: money(payment.refunded),
    credit: money(creditOf(payment)),
    createdAt: payment.createdAt.toISOString(),
  };
}

/** A journal as the contract shows it. */
export function viewJournal(journal: PostedJournal): Schemas['Journal'] {
  const { journalId, kind, effectiveDate, period, reference, entries, postedAt } = journal;
  return {
    journalId,
    kind,
    effectiveDate,
    period,
    reference,
    lines: viewEntries(entries, journal.currency),
    postedAt: postedAt.toISOString(),
  };
}

function viewEntries(entries: readonly Entry[], currency: string): Schemas['JournalLine'][] {
  const money = moneyIn(currency);
  return entries.map(({ account, side, amount }) => ({ account, side, amount: money(amount) }));
}

/** A journal that was requested by hand, as the contract shows it. */
export function viewManualJournal(journal: ManualJournal): Schemas['ManualJournal'] {
  const { journalId, state, description, effectiveDate, entries, currency, requesterId, digest, requestedAt } = journal;
  const { reverses } = journal;
  return {
    journalId,
    state,
    description,
    effectiveDate,
    ...(reverses === undefined ? {} : { reverses }),
    lines: viewEntries(entries, currency),
    requesterId,
    digest,
    requestedAt: requestedAt.toISOString(),
  };
}

/** A credit note as the contract shows it. */
export function viewCreditNote(creditNote: CreditNote, currency: string): Schemas['CreditNote'] {
  const money = moneyIn(currency);
  const { creditNoteId, invoiceId, number, reason, note, lines, requestedBy, creditedAt } = creditNote;
  const net = lines.reduce((sum, line) => sum + line.net, 0n);
  const tax = lines.reduce((sum, line) => sum + line.tax, 0n);
  return {
    creditNoteId,
    invoiceId,
    number,
    reason,
    ...(note === undefined ? {} : { note }),
    lines: lines.map((line) => ({ lineId: line.lineId, net: money(line.net), tax: money(line.tax) })),
    net: money(net),
    tax: money(tax),
    total: money(net + tax),
    requestedBy,
    creditedAt: creditedAt.toISOString(),
  };
}

/** A refund as the contract shows it. */
export function viewRefund(refund: Refund): Schemas['Refund'] {
  const { refundId, paymentId, state, amount, currency, automatic, requesterId, note, digest } = refund;
  return {
    refundId,
    paymentId,
    state,
    amount: moneyIn(currency)(amount),
    automatic,
    requesterId,
    ...(note === undefined ? {} : { note }),
    digest,
    ...(refund.providerRef === undefined ? {} : { providerRef: refund.providerRef }),
    ...(refund.failure === undefined ? {} : { failure: refund.failure }),
    requestedAt: refund.requestedAt.toISOString(),
  };
}

/** A period as the contract shows it. */
export function viewPeriod({ period, version, closed }: Period, unposted: Unposted): Schemas['Period'] {
  return {
    period,
    state: version > 1n ? 'CLOSED' : 'OPEN',
    ...(closed === undefined ? {} : { closedBy: closed.by, closedAt: closed.at.toISOString() }),
    unposted: { manualJournals: [...unposted.manualJournals], refunds: [...unposted.refunds] },
  };
}

/** A reconciliation as the contract shows it. */
export function viewReconciliation(run: Reconciliation): Schemas['Reconciliation'] {
  const { runId, state, from, to, entries, found, findings, requestedBy, requestedAt } = run;
  return {
    runId,
    state,
    from,
    to,
    entries: Number(entries),
    found: Number(found),
    findings: findings.map(({ kind, reference, detail }) => ({ kind, reference, detail })),
    requestedBy,
    requestedAt: requestedAt.toISOString(),
  };
}
