import type { GetApproval } from '@atlas/generated-workflow';
import type { ApprovalStore } from '../ports.ts';
import { view } from './view.ts';

export const getApproval =
  ({ approvals }: { readonly approvals: ApprovalStore }): GetApproval.Handler =>
  async ({ params }, read): Promise<GetApproval.Result> => {
    const found = await approvals.read(read, params.approvalId);
    if (!found)
      return { status: 404, problem: { code: 'approval-not-found', detail: `there is no ${params.approvalId}` } };
    return { status: 200, body: view(found), version: found.version };
  };
