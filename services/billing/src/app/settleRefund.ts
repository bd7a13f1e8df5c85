import type { JournalPostedEvent, RefundSucceededEvent } from '@atlas/generated-billing';
import type { Payment } from '../domain/payment.ts';
import { refunding } from '../domain/postingRules.ts';
import type { Refund } from '../domain/refund.ts';
import type { Ports, Tx } from '../ports.ts';
import { refundSucceeded } from './events.ts';
import { post } from './post.ts';

/** Stores a refund that has succeeded, and posts its journal. */
export async function settleRefund(
  { refunds, ledger }: Pick<Ports, 'refunds' | 'ledger'>,
  tx: Tx,
  ctx: { readonly now: Date; readonly newId: () => string },
  { refund, payment, effectiveDate }: { refund: Refund; payment: Payment; effectiveDate: string },
): Promise<readonly [RefundSucceededEvent, JournalPostedEvent]> {
  await refunds.save(tx, refund);
  const journal = await post(ledger, tx, ctx, {
    kind: 'REFUND',
    reference: refund.refundId,
    effectiveDate,
    currency: refund.currency,
    entries: refunding({ provider: payment.provider, amount: refund.amount }),
  });
  return [refundSucceeded(refund, payment, ctx.now), journal];
}
