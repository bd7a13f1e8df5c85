import type { JournalPostedEvent, RefundSucceededEvent } from '@atlas/generated-billing';
import type { Payment } from '../domain/payment.ts';
import { refunding } from '../domain/postingRules.ts';
import type { Refund } from '../domain/refund.ts';
import type { Ports, Tx } from '../ports.ts';
import { refundSucceeded } from './events.ts';
import { post } from './post.ts';

/** Stores a refund that has succeeded, and posts its journal. `paidBy` is the provider that paid, or `MANUAL`. */
export async function settleRefund(
  { refunds, ledger }: Pick<Ports, 'refunds' | 'ledger'>,
  tx: Tx,
  ctx: { readonly now: Date; readonly newId: () => string },
  {
    refund,
    payment,
    paidBy,
    effectiveDate,
  }: { refund: Refund; payment: Payment; paidBy: string; effectiveDate: string },
): Promise<readonly [RefundSucceededEvent, JournalPostedEvent]> {
  await refunds.save(tx, refund);
  const journal = await post(ledger, tx, ctx, {
    kind: 'REFUND',
    reference: refund.refundId,
    effectiveDate,
    currency: refund.currency,
    entries: refunding({ paidBy, amount: refund.amount }),
  });
  return [refundSucceeded(refund, payment, ctx.now), journal];
}
