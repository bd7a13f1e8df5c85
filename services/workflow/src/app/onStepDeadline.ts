import type { OnStepDeadline } from '@atlas/generated-workflow';
import { expire } from '../domain/decide.ts';
import type { ApprovalStore } from '../ports.ts';
import { approvalExpired, timersOf } from './events.ts';

export const onStepDeadline =
  ({ approvals }: { readonly approvals: ApprovalStore }): OnStepDeadline.Handler =>
  async ({ data, ctx }, tx): Promise<OnStepDeadline.Result> => {
    const approval = await approvals.load(tx, data.approvalId);
    const expired = approval && expire(approval, data.step, ctx.now);
    if (!expired) return { events: [], noop: approval?.state ?? 'UNKNOWN' };
    await approvals.save(tx, expired);
    return { events: [approvalExpired(expired)], timers: timersOf(expired) };
  };
