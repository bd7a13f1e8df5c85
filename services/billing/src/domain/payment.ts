import { changed, openOf, type Invoice } from './invoice.ts';

export type PaymentState = 'PENDING' | 'PROCESSING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';

/** Amounts count the minor unit of the currency. */
export interface Payment {
  readonly paymentId: string;
  /** 1 for a new payment, and one more for each committed change. */
  readonly version: bigint;
  /** Who collects it, or `manual`. */
  readonly provider: string;
  /** The provider's id of the charge; undefined until it is known. */
  readonly providerRef: string | undefined;
  /** Undefined for money that nobody here asked for. */
  readonly invoiceId: string | undefined;
  readonly orderId: string | undefined;
  readonly state: PaymentState;
  readonly currency: string;
  /** The requested amount. */
  readonly amount: bigint;
  /** The amount that came in: zero unless SUCCEEDED. */
  readonly captured: bigint;
  /** The part of `captured` that pays the invoice. */
  readonly applied: bigint;
  /** The amount that went back or will go back. */
  readonly refunded: bigint;
  readonly createdAt: Date;
}

/** The rest of a payment, which is the customer's credit and can be paid back. */
export function creditOf({ captured, applied, refunded }: Payment): bigint {
  return captured - applied - refunded;
}

/** The next version of a payment. */
export function paymentWith(payment: Payment, change: Partial<Payment>): Payment {
  return { ...payment, ...change, version: payment.version + 1n };
}

export interface Applied {
  readonly payment: Payment;
  /** The invoice after the payment, if a part of the money pays it. */
  readonly invoice: Invoice | undefined;
  readonly unapplied: bigint;
}

/**
 * Records that money came in. It pays the open amount of the invoice. The rest is the customer's credit: money is never
 * dropped, even if it is too much, too late, in another currency or for no invoice.
 */
export function capture(payment: Payment, invoice: Invoice | undefined, captured: bigint): Applied {
  const open = invoice && invoice.currency === payment.currency ? openOf(invoice) : 0n;
  const applied = captured < open ? captured : open;
  return {
    payment: paymentWith(payment, { state: 'SUCCEEDED', captured, applied }),
    invoice: invoice && applied > 0n ? changed(invoice, { applied: invoice.applied + applied }) : undefined,
    unapplied: captured - applied,
  };
}

/**
 * Reduces what payments pay, because the paid amount was credited. It begins with the latest payment, and returns the
 * payments that change. `payments` are in the order in which they came.
 */
export function unapply(payments: readonly Payment[], amount: bigint): readonly Payment[] {
  const changes: Payment[] = [];
  let left = amount;
  for (const payment of payments.toReversed()) {
    const part = left < payment.applied ? left : payment.applied;
    if (part === 0n) continue;
    left -= part;
    changes.push(paymentWith(payment, { applied: payment.applied - part }));
  }
  if (left > 0n) throw new Error(`${left} more was to be taken back than payments pay`);
  return changes;
}

/** The ids of the payments that pay an invoice. */
export function payersOf(payments: readonly Payment[]): readonly string[] {
  return payments.filter(({ applied }) => applied > 0n).map(({ paymentId }) => paymentId);
}
