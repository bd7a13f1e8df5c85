import type { OnOrderReserved } from '@atlas/generated-workflow';
import { opened } from '../domain/approval.ts';
import type { ApprovalStore } from '../ports.ts';
import { approvalOpened } from './events.ts';

export const onOrderReserved =
  ({ approvals }: { readonly approvals: ApprovalStore }): OnOrderReserved.Handler =>
  async ({ data, ctx }, tx): Promise<OnOrderReserved.Result> => {
    const open = opened({
      approvalId: ctx.newId(),
      subject: subjectOf(data),
      openedBy: ctx.actor.id,
      openedAt: ctx.now,
    });
    if (!(await approvals.insert(tx, open))) return { events: [], noop: 'EXISTS' };
    return { events: [approvalOpened(open)] };
  };

/** The key of the event's topic. */
const subjectOf: (data: OnOrderReserved.Input['data']) => string = (data) => data.orderId;
