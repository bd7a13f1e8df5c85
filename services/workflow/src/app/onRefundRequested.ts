import type { OnRefundRequested } from '@atlas/generated-workflow';
import { ask, type Asking } from './ask.ts';

export const onRefundRequested =
  (asking: Asking): OnRefundRequested.Handler =>
  async ({ data, ctx }, tx): Promise<OnRefundRequested.Result> => {
    // the saga owes this money, so there is nothing to decide
    if (data.automatic) return { events: [], noop: 'AUTOMATIC' };
    const { refundId, version, digest, amount, requesterId } = data;
    const subject = {
      id: refundId,
      version,
      digest,
      requesterId,
      amount: amount.amountMinor,
      currency: amount.currency,
    };
    return ask(asking, tx, { type: 'REFUND', ...subject }, ctx);
  };
