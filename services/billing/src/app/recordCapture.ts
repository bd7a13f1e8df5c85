import type {
  InvoicePaidEvent,
  JournalPostedEvent,
  PaymentSucceededEvent,
  PaymentUnappliedEvent,
  RefundRequestedEvent,
} from '@atlas/generated-billing';
import { stateOf, type Invoice } from '../domain/invoice.ts';
import { capture, payersOf, type Payment } from '../domain/payment.ts';
import { paying } from '../domain/postingRules.ts';
import type { Ports, Tx } from '../ports.ts';
import { withdrawIfSettled, type EffectStart } from './collect.ts';
import { invoicePaid, paymentSucceeded, paymentUnapplied } from './events.ts';
import { post } from './post.ts';
import { refundAutomatically } from './refundAutomatically.ts';

export type CaptureEvents = readonly [
  PaymentSucceededEvent,
  ...(InvoicePaidEvent | PaymentUnappliedEvent | RefundRequestedEvent)[],
  JournalPostedEvent,
];

export interface Captured {
  readonly payment: Payment;
  readonly events: CaptureEvents;
  readonly effects: readonly EffectStart[];
}

/** `store` writes the payment with its money: a new payment, or the next version of one. */
export interface Capturing {
  readonly payment: Payment;
  readonly invoice: Invoice | undefined;
  readonly captured: bigint;
  readonly effectiveDate: string;
  readonly store: (payment: Payment) => Promise<boolean>;
}

/**
 * Records that money came in: it pays the invoice, and the rest is the customer's credit. If the invoice was credited,
 * the money came too late and is paid back. Undefined if `store` refuses; then nothing is written.
 */
export async function recordCapture(
  ports: Pick<Ports, 'invoices' | 'payments' | 'refunds' | 'ledger' | 'sha256'>,
  tx: Tx,
  ctx: { readonly now: Date; readonly newId: () => string },
  { payment: asked, invoice, captured, effectiveDate, store }: Capturing,
): Promise<Captured | undefined> {
  const { payment, invoice: paid, unapplied } = capture(asked, invoice, captured);
  const others = invoice ? await ports.payments.ofInvoice(tx, invoice.invoiceId) : [];
  if (!(await store(payment))) return undefined;
  if (paid) await ports.invoices.save(tx, paid);
  const rest = others.filter(({ paymentId }) => paymentId !== payment.paymentId);
  const withdrawals = paid ? await withdrawIfSettled(ports.payments, tx, paid, rest) : [];
  // nobody expects money for an invoice that was credited, or that the provider should no longer collect
  const late = (invoice !== undefined && stateOf(invoice) === 'CREDITED') || asked.state === 'CANCELLED';
  const refunds = late ? await refundAutomatically(ports, tx, ctx, [{ payment, amount: unapplied }]) : [];
  const journal = await post(ports.ledger, tx, ctx, {
    kind: payment.applied > 0n ? 'PAYMENT' : 'LATE_PAYMENT',
    reference: payment.paymentId,
    effectiveDate,
    currency: payment.currency,
    entries: paying({ provider: payment.provider, applied: payment.applied, unapplied }),
  });
  const payers = payersOf([...rest, payment]);
  return {
    payment: refunds[0]?.payment ?? payment,
    events: [
      paymentSucceeded(payment, ctx.now),
      ...(paid && stateOf(paid) === 'PAID' ? [invoicePaid(paid, payers, ctx.now)] : []),
      ...(unapplied > 0n ? [paymentUnapplied(payment, unapplied, ctx.now)] : []),
      ...refunds.map(({ event }) => event),
      journal,
    ],
    effects: [...withdrawals, ...refunds.flatMap(({ effects }) => effects)],
  };
}
