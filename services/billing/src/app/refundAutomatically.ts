import type { RefundRequestedEvent } from '@atlas/generated-billing';
import type { Payment } from '../domain/payment.ts';
import { askRefund, SAGA } from '../domain/refund.ts';
import type { Ports, Tx } from '../ports.ts';
import { submitting, type EffectStart } from './collect.ts';
import { refundRequested } from './events.ts';

/** A part of a payment's credit that should go back. */
export interface Due {
  readonly payment: Payment;
  readonly amount: bigint;
}

/** A requested refund: the payment after it, its event, and the effect that pays it back. */
export interface Refunding {
  readonly payment: Payment;
  readonly event: RefundRequestedEvent;
  readonly effects: readonly EffectStart[];
}

/** Pays credit back on behalf of the saga, which needs no approval. An amount of zero is skipped. */
export async function refundAutomatically(
  { payments, refunds, sha256 }: Pick<Ports, 'payments' | 'refunds' | 'sha256'>,
  tx: Tx,
  ctx: { readonly now: Date; readonly newId: () => string },
  due: readonly Due[],
): Promise<readonly Refunding[]> {
  const refunding: Refunding[] = [];
  for (const { payment, amount } of due) {
    const wish = {
      refundId: ctx.newId(),
      amount,
      automatic: true,
      requesterId: SAGA,
      note: undefined,
      requestedAt: ctx.now,
    };
    const asked = askRefund(payment, wish, sha256);
    if (!asked) continue;
    await payments.save(tx, asked.payment);
    await refunds.insert(tx, asked.refund);
    refunding.push({
      payment: asked.payment,
      event: refundRequested(asked.refund, asked.payment),
      effects: submitting(asked.refund, asked.payment),
    });
  }
  return refunding;
}
