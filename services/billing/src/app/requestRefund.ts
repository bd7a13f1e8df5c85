import type { RequestRefund } from '@atlas/generated-billing';
import { creditOf } from '../domain/payment.ts';
import { askRefund } from '../domain/refund.ts';
import type { Ports } from '../ports.ts';
import { refundRequested } from './events.ts';
import { refusal } from './refusal.ts';
import { viewRefund } from './view.ts';

export const requestRefund =
  ({ payments, refunds, sha256 }: Pick<Ports, 'payments' | 'refunds' | 'sha256'>): RequestRefund.Handler =>
  async ({ params, body, ifMatch, ctx }, tx): Promise<RequestRefund.Result> => {
    const payment = await payments.load(tx, params.paymentId, ifMatch);
    if (!payment)
      return { status: 404, problem: { code: 'payment-not-found', detail: `there is no payment ${params.paymentId}` } };
    if (body.amount.currency !== payment.currency)
      return refusal('currency-mismatch', '/amount/currency', `the payment is in ${payment.currency}`);
    const wish = {
      refundId: ctx.newId(),
      amount: BigInt(body.amount.amountMinor),
      automatic: false,
      requesterId: ctx.actor.id,
      note: body.note,
      requestedAt: ctx.now,
    };
    const asked = askRefund(payment, wish, sha256);
    if (!asked)
      return refusal(
        'refund-over-credit',
        '/amount/amountMinor',
        `${creditOf(payment)} of this payment is credit: money that pays an invoice needs a credit note first`,
      );
    const { refund } = asked;
    await payments.save(tx, asked.payment);
    await refunds.insert(tx, refund);
    return {
      status: 201,
      body: viewRefund(refund),
      version: refund.version,
      headers: { Location: `/v1/refunds/${refund.refundId}` },
      events: [refundRequested(refund, payment)],
    };
  };
