import type { OnAskAgain } from '@atlas/generated-billing';
import type { Ports } from '../ports.ts';
import { asking, withdrawing } from './collect.ts';

export const onAskAgain =
  ({ payments }: Pick<Ports, 'payments'>): OnAskAgain.Handler =>
  async ({ data }, tx): Promise<OnAskAgain.Result> => {
    const payment = await payments.load(tx, data.paymentId);
    switch (payment?.state) {
      case 'PENDING':
        return { events: [], effects: [asking(payment)] };
      case 'CANCELLED':
        // if the intent's id is missing, the request for one was not answered, so there may be an intent
        return { events: [], effects: payment.providerRef === undefined ? [asking(payment)] : withdrawing(payment) };
      case undefined:
      case 'PROCESSING':
      case 'SUCCEEDED':
      case 'FAILED':
        return { events: [], noop: payment?.state ?? 'UNKNOWN' };
    }
  };
