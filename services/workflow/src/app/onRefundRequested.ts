import type { OnRefundRequested } from '@atlas/generated-workflow';
import { ask, type Asking } from './ask.ts';

export const onRefundRequested =
  (asking: Asking): OnRefundRequested.Handler =>
  async ({ data, ctx }, tx): Promise<OnRefundRequested.Result> => {
    // the saga owes this money, so there is nothing to decide
    if (data.automatic) return { events: [], noop: 'AUTOMATIC' };
    const { refundId, version, digest, amount, requesterId, paymentId, orderId } = data;
    const refund = { paymentId, ...(orderId === null ? {} : { orderId }) };
    const { amountMinor, currency } = amount;
    const subject = { id: refundId, version, digest, requesterId, amount: amountMinor, currency, details: { refund } };
    return ask(asking, tx, { type: 'REFUND', ...subject }, ctx);
  };
