import type { GetRefund } from '@atlas/generated-billing';
import type { Ports } from '../ports.ts';
import { viewRefund } from './view.ts';

export const getRefund =
  ({ refunds }: Pick<Ports, 'refunds'>): GetRefund.Handler =>
  async ({ params }, read): Promise<GetRefund.Result> => {
    const found = await refunds.read(read, params.refundId);
    if (!found)
      return { status: 404, problem: { code: 'refund-not-found', detail: `there is no refund ${params.refundId}` } };
    return { status: 200, body: viewRefund(found), version: found.version };
  };
