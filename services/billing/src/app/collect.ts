import type { OnOrderCancelled } from '@atlas/generated-billing';
import { withdraw } from '../domain/intent.ts';
import { stateOf, totalOf, type Invoice } from '../domain/invoice.ts';
import type { Payment } from '../domain/payment.ts';
import { idempotencyKeyOf, type Refund } from '../domain/refund.ts';
import type { PaymentStore, Tx } from '../ports.ts';

/** An effect that a handler may start. */
export type EffectStart = NonNullable<OnOrderCancelled.Result['effects']>[number];

/** The provider of payments that nobody records by hand. */
export const PROVIDER = 'psp';

/** The payment that the provider should collect for an invoice, and the effect that asks for it. */
export function collection(
  invoice: Invoice,
  paymentId: string,
  now: Date,
): { readonly payment: Payment; readonly effect: EffectStart } {
  const payment: Payment = {
    paymentId,
    version: 1n,
    provider: PROVIDER,
    providerRef: undefined,
    invoiceId: invoice.invoiceId,
    orderId: invoice.orderId,
    state: 'PENDING',
    currency: invoice.currency,
    amount: totalOf(invoice),
    captured: 0n,
    applied: 0n,
    refunded: 0n,
    createdAt: now,
  };
  return { payment, effect: asking(payment) };
}

/** Asks the provider to collect a payment. Its id is the idempotency key, so asking twice collects once. */
export function asking({ paymentId, amount, currency, orderId }: Payment): EffectStart {
  return {
    start: 'createIntent',
    key: paymentId,
    data: { paymentId, amount: { amountMinor: amount, currency }, description: `Order ${orderId ?? ''}` },
  };
}

/** Asks the provider to stop collecting. Empty while the intent's id is unknown. */
export function withdrawing({ paymentId, providerRef }: Payment): readonly EffectStart[] {
  return providerRef === undefined ? [] : [{ start: 'cancelIntent', key: paymentId, data: { paymentId, providerRef } }];
}

/** Withdraws the payments of an invoice that the provider is still collecting, if nothing is left to pay. */
export async function withdrawIfSettled(
  payments: PaymentStore,
  tx: Tx,
  invoice: Invoice,
  ofInvoice: readonly Payment[],
): Promise<readonly EffectStart[]> {
  const state = stateOf(invoice);
  if (state !== 'PAID' && state !== 'CREDITED') return [];
  const effects: EffectStart[] = [];
  for (const payment of ofInvoice) {
    const withdrawn = withdraw(payment);
    if (!withdrawn) continue;
    await payments.save(tx, withdrawn);
    effects.push(...withdrawing(withdrawn));
  }
  return effects;
}

/**
 * Asks the provider to pay a refund back. Empty for a payment that was recorded by hand, because its refund is recorded
 * by hand as well.
 */
export function submitting(refund: Refund, { provider, providerRef }: Payment): readonly EffectStart[] {
  if (provider !== PROVIDER || providerRef === undefined) return [];
  const { refundId, amount, currency } = refund;
  return [
    {
      start: 'submitRefund',
      key: refundId,
      data: {
        refundId,
        idempotencyKey: idempotencyKeyOf(refund),
        intentRef: providerRef,
        amount: { amountMinor: amount, currency },
      },
    },
  ];
}
