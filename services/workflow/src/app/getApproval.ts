import type { GetApproval } from '@atlas/generated-workflow';
import { maySee } from '../domain/participants.ts';
import type { ApprovalStore } from '../ports.ts';
import { view } from './view.ts';
import { waitingFor, type Judging } from './waitingFor.ts';
import { notFound } from './notFound.ts';

interface Deps extends Judging {
  readonly approvals: ApprovalStore;
}

export const getApproval =
  ({ approvals, ...judging }: Deps): GetApproval.Handler =>
  async ({ params, ctx }, read): Promise<GetApproval.Result> => {
    const { approvalId } = params;
    const { actor } = ctx;
    const found = await approvals.read(read, approvalId);
    if (!found) return notFound('approval', approvalId);
    // people who may decide it must see exactly what they decide
    const isAllowed = maySee(found, actor) || (await waitingFor(actor, judging, read))(found);
    if (!isAllowed)
      return { status: 403, problem: { code: 'not-a-participant', detail: 'you take no part in this approval' } };
    return { status: 200, body: view(found, actor), version: found.version };
  };
