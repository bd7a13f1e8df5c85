import type { InvoiceCreditedEvent, InvoicePaidEvent, JournalPostedEvent } from '@atlas/generated-billing';
import { credit, type CreditedLine, type CreditReason } from '../domain/credit.ts';
import { stateOf, type Invoice } from '../domain/invoice.ts';
import { payersOf, unapply, type Payment } from '../domain/payment.ts';
import { crediting } from '../domain/postingRules.ts';
import type { CreditNote, Ports, Tx } from '../ports.ts';
import { withdrawIfSettled, type EffectStart } from './collect.ts';
import { invoiceCredited, invoicePaid } from './events.ts';
import { numberText, post, seriesOf } from './post.ts';

export interface Crediting {
  readonly lines: readonly CreditedLine[];
  readonly reason: CreditReason;
  readonly note: string | undefined;
  readonly requestedBy: string;
  readonly effectiveDate: string;
}

export interface Credited {
  readonly invoice: Invoice;
  readonly creditNote: CreditNote;
  /** The payments of the invoice after it. What they paid of what was credited is the customer's credit now. */
  readonly payments: readonly Payment[];
  /** How much of each of these payments became credit. */
  readonly freed: ReadonlyMap<string, bigint>;
  readonly credited: InvoiceCreditedEvent;
  /** If nothing is left to pay, although something was before it. */
  readonly paid: readonly InvoicePaidEvent[];
  readonly journal: JournalPostedEvent;
  /** What the provider is to collect no more, because there is nothing left to pay. */
  readonly effects: readonly EffectStart[];
}

/** Issues a credit note for an invoice that is locked, and posts its journal. `payments` are those of the invoice. */
export async function creditInvoice(
  ports: Pick<Ports, 'invoices' | 'creditNotes' | 'payments' | 'ledger' | 'numbers'>,
  tx: Tx,
  ctx: { readonly now: Date; readonly newId: () => string },
  invoice: Invoice,
  { lines, reason, note, requestedBy, effectiveDate }: Crediting,
): Promise<Credited> {
  const before = await ports.payments.ofInvoice(tx, invoice.invoiceId);
  const credited = credit(invoice, lines, reason);
  const changes = unapply(before, credited.unapplied);
  await ports.invoices.save(tx, credited.invoice);
  for (const payment of changes) await ports.payments.save(tx, payment);
  const creditNoteId = ctx.newId();
  const journal = await post(ports.ledger, tx, ctx, {
    kind: 'CREDIT_NOTE',
    reference: creditNoteId,
    effectiveDate,
    currency: invoice.currency,
    entries: crediting(credited),
  });
  // As late as possible, because all who issue a credit note wait for the one that has the last number.
  const series = seriesOf('CN', ctx.now);
  const creditNote: CreditNote = {
    creditNoteId,
    invoiceId: invoice.invoiceId,
    number: numberText(series, await ports.numbers.next(tx, series)),
    reason,
    note,
    requestedBy,
    lines: credited.lines,
    creditedAt: ctx.now,
  };
  await ports.creditNotes.insert(tx, creditNote);
  const byId = new Map(changes.map((payment) => [payment.paymentId, payment]));
  const after = before.map((payment) => byId.get(payment.paymentId) ?? payment);
  return {
    invoice: credited.invoice,
    creditNote,
    payments: after,
    freed: new Map(
      before.flatMap(({ paymentId, applied }): [string, bigint][] => {
        const change = byId.get(paymentId);
        return change ? [[paymentId, applied - change.applied]] : [];
      }),
    ),
    credited: invoiceCredited(credited, creditNote),
    paid:
      stateOf(credited.invoice) === 'PAID' && stateOf(invoice) !== 'PAID'
        ? [invoicePaid(credited.invoice, payersOf(before), ctx.now)]
        : [],
    journal,
    effects: await withdrawIfSettled(ports.payments, tx, credited.invoice, after),
  };
}
