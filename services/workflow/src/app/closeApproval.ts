import type { CloseApproval } from '@atlas/generated-workflow';
import { close } from '../domain/approval.ts';
import type { ApprovalStore } from '../ports.ts';
import { approvalClosed } from './events.ts';
import { view } from './view.ts';

export const closeApproval =
  ({ approvals }: { readonly approvals: ApprovalStore }): CloseApproval.Handler =>
  async ({ params, ifMatch, ctx }, tx): Promise<CloseApproval.Result> => {
    const found = await approvals.load(tx, params.approvalId, ifMatch);
    if (!found)
      return { status: 404, problem: { code: 'approval-not-found', detail: `there is no ${params.approvalId}` } };
    const closing = close(found, ctx.now);
    if (!closing.ok) return { status: 409, problem: closing.problem };
    const { closed } = closing;
    await approvals.save(tx, closed);
    return { status: 200, body: view(closed), version: closed.version, events: [approvalClosed(closed)] };
  };
