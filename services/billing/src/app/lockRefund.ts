import type { Invoice } from '../domain/invoice.ts';
import type { Payment } from '../domain/payment.ts';
import type { Refund } from '../domain/refund.ts';
import type { Ports, Tx } from '../ports.ts';

export interface LockedRefund {
  readonly invoice: Invoice | undefined;
  readonly payment: Payment;
  readonly refund: Refund;
}

/**
 * A refund with its payment and invoice, locked in the usual order. Undefined if there is none. Throws
 * `VersionConflict` if the refund is not at version `expected`.
 */
export async function lockRefund(
  { invoices, payments, refunds }: Pick<Ports, 'invoices' | 'payments' | 'refunds'>,
  tx: Tx,
  refundId: string,
  expected?: bigint,
): Promise<LockedRefund | undefined> {
  // the payment of a refund and the invoice of a payment never change, so they can be read before they are locked
  const found = await refunds.read(tx, refundId);
  const paid = found && (await payments.read(tx, found.paymentId));
  if (!paid) return undefined;
  const invoice = paid.invoiceId === undefined ? undefined : await invoices.load(tx, paid.invoiceId);
  const payment = await payments.load(tx, paid.paymentId);
  const refund = await refunds.load(tx, refundId, expected);
  return payment && refund ? { invoice, payment, refund } : undefined;
}
