import type { OnOrderReserved } from '@atlas/generated-workflow';
import { ask, type Asking } from './ask.ts';

export const onOrderReserved =
  (asking: Asking): OnOrderReserved.Handler =>
  async ({ data, ctx }, tx): Promise<OnOrderReserved.Result> => {
    const { orderId, orderVersion, digest, total, requesterId } = data;
    const { amountMinor, currency } = total;
    const subject = {
      id: orderId,
      version: orderVersion,
      digest,
      requesterId,
      amount: amountMinor,
      currency,
      details: {},
    };
    return ask(asking, tx, { type: 'ORDER', ...subject }, ctx);
  };
