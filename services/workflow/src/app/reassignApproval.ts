import type { ReassignApproval } from '@atlas/generated-workflow';
import { reassigned } from '../domain/acts.ts';
import { reassign } from '../domain/reassign.ts';
import type { ApprovalStore, AuditLog, DatabaseTime } from '../ports.ts';
import { view } from './view.ts';
import { notFound } from './notFound.ts';

interface Deps {
  readonly approvals: ApprovalStore;
  readonly audit: AuditLog;
  readonly now: DatabaseTime;
}

export const reassignApproval =
  ({ approvals, audit, now }: Deps): ReassignApproval.Handler =>
  async ({ params, body, ifMatch, ctx }, tx): Promise<ReassignApproval.Result> => {
    const { approvalId } = params;
    const found = await approvals.load(tx, approvalId, ifMatch);
    if (!found) return notFound('approval', approvalId);
    const time = await now(tx);
    const reassigning = reassign(found, body.assignees, ctx.actor.id, time);
    if (!reassigning.ok) return reassigning;
    const { before, approval } = reassigning;
    await approvals.save(tx, approval);
    await audit.append(tx, reassigned(before, approval, ctx.actor.id, body.comment, time));
    return { status: 200, body: view(approval, ctx.actor), version: approval.version };
  };
