import type { GetPayment } from '@atlas/generated-billing';
import type { Ports } from '../ports.ts';
import { viewPayment } from './view.ts';

export const getPayment =
  ({ payments }: Pick<Ports, 'payments'>): GetPayment.Handler =>
  async ({ params }, read): Promise<GetPayment.Result> => {
    const found = await payments.read(read, params.paymentId);
    if (!found)
      return { status: 404, problem: { code: 'payment-not-found', detail: `there is no payment ${params.paymentId}` } };
    return { status: 200, body: viewPayment(found), version: found.version };
  };
