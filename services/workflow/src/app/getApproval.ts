import type { GetApproval } from '@atlas/generated-workflow';
import { maySee } from '../domain/participants.ts';
import type { ApprovalStore } from '../ports.ts';
import { view } from './view.ts';

export const getApproval =
  ({ approvals }: { readonly approvals: ApprovalStore }): GetApproval.Handler =>
  async ({ params, ctx }, read): Promise<GetApproval.Result> => {
    const { approvalId } = params;
    const found = await approvals.read(read, approvalId);
    if (!found) return { status: 404, problem: { code: 'approval-not-found', detail: `there is no ${approvalId}` } };
    if (!maySee(found, ctx.actor))
      return { status: 403, problem: { code: 'not-a-participant', detail: 'you took no part in this approval' } };
    return { status: 200, body: view(found), version: found.version };
  };
