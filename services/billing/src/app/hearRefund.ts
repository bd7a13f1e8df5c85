import type { SubmitRefund } from '@atlas/generated-billing';
import { dateOfMicros } from '@atlas/runtime/time';
import { dayOf } from '../domain/calendar.ts';
import { fail, succeed } from '../domain/refund.ts';
import type { RefundSays } from '../domain/says.ts';
import type { Ports, Tx } from '../ports.ts';
import { PROVIDER } from './collect.ts';
import { refundFailed } from './events.ts';
import { isUuid } from './hearIntent.ts';
import { lockRefund } from './lockRefund.ts';
import { settleRefund } from './settleRefund.ts';

const LONGEST_REASON = 500;

/** Handles what the provider says about a refund, by an answer, a webhook or its report, in any order. */
export async function hearRefund(
  ports: Ports,
  tx: Tx,
  ctx: { readonly now: Date; readonly newId: () => string },
  says: RefundSays,
): Promise<SubmitRefund.Result> {
  const locked = isUuid(says.reference) ? await lockRefund(ports, tx, says.reference) : undefined;
  if (!locked) return { events: [], noop: 'UNKNOWN' };
  const { refund, payment } = locked;
  switch (says.status) {
    case 'SUCCEEDED': {
      const paid = succeed(refund, says.providerRef);
      if (!paid) return { events: [], noop: refund.state };
      const effectiveDate = dayOf(dateOfMicros(says.saidAt));
      return {
        events: await settleRefund(ports, tx, ctx, { refund: paid, payment, paidBy: PROVIDER, effectiveDate }),
      };
    }
    case 'FAILED':
    case 'UNANSWERED': {
      const reason = (says.failure ?? 'the provider gives no reason').slice(0, LONGEST_REASON);
      const failed = fail(refund, reason, { unclear: says.status === 'UNANSWERED' });
      if (!failed) return { events: [], noop: refund.state };
      await ports.refunds.save(tx, failed);
      return { events: [refundFailed(failed, payment, ctx.now)] };
    }
    case 'PENDING':
    case 'UNSPECIFIED':
      return { events: [], noop: refund.state };
  }
}
