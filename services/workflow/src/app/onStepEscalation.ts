import type { OnStepEscalation } from '@atlas/generated-workflow';
import { escalate } from '../domain/decide.ts';
import type { ApprovalStore } from '../ports.ts';
import { approvalEscalated } from './events.ts';

export const onStepEscalation =
  ({ approvals }: { readonly approvals: ApprovalStore }): OnStepEscalation.Handler =>
  async ({ data, ctx }, tx): Promise<OnStepEscalation.Result> => {
    const approval = await approvals.load(tx, data.approvalId);
    const escalated = approval && escalate(approval, data.step);
    if (!escalated) return { events: [], noop: approval?.state ?? 'UNKNOWN' };
    await approvals.save(tx, escalated);
    return { events: [approvalEscalated(escalated, ctx.now)] };
  };
