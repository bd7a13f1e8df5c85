import type { RetryRefund } from '@atlas/generated-billing';
import { retry } from '../domain/refund.ts';
import type { Ports } from '../ports.ts';
import { submitting } from './collect.ts';
import { lockRefund } from './lockRefund.ts';
import { viewRefund } from './view.ts';

export const retryRefund =
  (ports: Pick<Ports, 'invoices' | 'payments' | 'refunds'>): RetryRefund.Handler =>
  async ({ params, ifMatch }, tx): Promise<RetryRefund.Result> => {
    const locked = await lockRefund(ports, tx, params.refundId, ifMatch);
    if (!locked)
      return { status: 404, problem: { code: 'refund-not-found', detail: `there is no refund ${params.refundId}` } };
    const retried = retry(locked.refund);
    if (!retried)
      return { status: 409, problem: { code: 'refund-not-failed', detail: `the refund is ${locked.refund.state}` } };
    await ports.refunds.save(tx, retried);
    return {
      status: 200,
      body: viewRefund(retried),
      version: retried.version,
      effects: submitting(retried, locked.payment),
    };
  };
