import type { OnOrderCancelled } from '@atlas/generated-workflow';
import { cancel } from '../domain/decide.ts';
import type { ApprovalStore, DatabaseTime } from '../ports.ts';
import { approvalCancelled, timersOf } from './events.ts';

export const onOrderCancelled =
  ({ approvals, now }: { readonly approvals: ApprovalStore; readonly now: DatabaseTime }): OnOrderCancelled.Handler =>
  async ({ data }, tx): Promise<OnOrderCancelled.Result> => {
    const approval = await approvals.latest(tx, { type: 'ORDER', id: data.orderId });
    const cancelled = approval && cancel(approval, await now(tx));
    // an order that was cancelled for a shortage was never reserved, so nobody was asked
    if (!cancelled) return { events: [], noop: approval?.state ?? 'UNKNOWN' };
    await approvals.save(tx, cancelled);
    return { events: [approvalCancelled(cancelled)], timers: timersOf(cancelled) };
  };
