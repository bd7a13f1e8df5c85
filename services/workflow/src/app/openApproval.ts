import type { OpenApproval } from '@atlas/generated-workflow';
import { opened } from '../domain/approval.ts';
import type { ApprovalStore } from '../ports.ts';
import { approvalOpened } from './events.ts';
import { view } from './view.ts';

export const openApproval =
  ({ approvals }: { readonly approvals: ApprovalStore }): OpenApproval.Handler =>
  async ({ body, ctx }, tx): Promise<OpenApproval.Result> => {
    const { subject } = body;
    const open = opened({ approvalId: ctx.newId(), subject, openedBy: ctx.actor.id, openedAt: ctx.now });
    if (!(await approvals.insert(tx, open)))
      return { status: 409, problem: { code: 'approval-exists', detail: `${subject} has one` } };
    return {
      status: 201,
      body: view(open),
      version: open.version,
      headers: { Location: `/v1/approvals/${open.approvalId}` },
      events: [approvalOpened(open)],
    };
  };
