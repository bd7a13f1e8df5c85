import type { components } from '@atlas/generated-billing';
import { creditedOf, netOf, openOf, stateOf, taxOf, totalOf, type Invoice } from '../domain/invoice.ts';
import type { PostedJournal } from '../domain/ledger.ts';
import { creditOf, type Payment } from '../domain/payment.ts';

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
  const money = moneyIn(journal.currency);
  const { journalId, kind, effectiveDate, period, reference, entries, postedAt } = journal;
  return {
    journalId,
    kind,
    effectiveDate,
    period,
    reference,
    lines: entries.map(({ account, side, amount }) => ({ account, side, amount: money(amount) })),
    postedAt: postedAt.toISOString(),
  };
}
