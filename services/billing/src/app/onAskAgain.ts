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
        // without an intent's id, the question that would give it was not answered, so there may be one
        return { events: [], effects: payment.providerRef === undefined ? [asking(payment)] : withdrawing(payment) };
      case undefined:
      case 'PROCESSING':
      case 'SUCCEEDED':
      case 'FAILED':
        return { events: [], noop: payment?.state ?? 'UNKNOWN' };
    }
  };
