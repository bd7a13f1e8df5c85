import type { RecordManualRefund } from '@atlas/generated-billing';
import { dayOf } from '../domain/calendar.ts';
import { MANUAL } from '../domain/postingRules.ts';
import { succeed } from '../domain/refund.ts';
import type { Ports } from '../ports.ts';
import { lockRefund } from './lockRefund.ts';
import { refusal } from './refusal.ts';
import { settleRefund } from './settleRefund.ts';
import { viewRefund } from './view.ts';

export const recordManualRefund =
  (ports: Pick<Ports, 'invoices' | 'payments' | 'refunds' | 'ledger'>): RecordManualRefund.Handler =>
  async ({ params, body, ifMatch, ctx }, tx): Promise<RecordManualRefund.Result> => {
    const locked = await lockRefund(ports, tx, params.refundId, ifMatch);
    if (!locked)
      return { status: 404, problem: { code: 'refund-not-found', detail: `there is no refund ${params.refundId}` } };
    const { refund, payment } = locked;
    const today = dayOf(ctx.now);
    const paidOn = body.paidOn ?? today;
    if (paidOn > today) return refusal('date-in-future', '/paidOn', `today is ${today}`);
    // otherwise, a refund that the provider may have paid or may still pay would be paid twice
    const byHand =
      (refund.state === 'FAILED' && !refund.unclear) || (refund.state === 'SUBMITTED' && payment.provider === MANUAL);
    const paid = byHand ? succeed(refund, body.reference) : undefined;
    if (!paid)
      return {
        status: 409,
        problem: {
          code: 'refund-not-manual',
          detail: `the refund is ${refund.state}, and ${payment.provider} pays it back`,
        },
      };
    const events = await settleRefund(ports, tx, ctx, { refund: paid, payment, paidBy: MANUAL, effectiveDate: paidOn });
    return { status: 200, body: viewRefund(paid), version: paid.version, events };
  };
