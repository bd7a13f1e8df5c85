import type { ListApprovals } from '@atlas/generated-workflow';
import type { Approval } from '../domain/approval.ts';
import { seesAll } from '../domain/participants.ts';
import type { ApprovalStore } from '../ports.ts';
import { summary } from './view.ts';
import { waitingFor, type Judging } from './waitingFor.ts';

/** The most requests that a page examines to find those that wait for the caller. */
const LOOKED_AT = 500;

interface Deps extends Judging {
  readonly approvals: ApprovalStore;
}

export const listApprovals =
  ({ approvals, delegations, now }: Deps): ListApprovals.Handler =>
  async ({ query, ctx }, read): Promise<ListApprovals.Result> => {
    const { waitingForMe, cursor, limit } = query;
    const { actor } = ctx;
    const isWanted = waitingForMe ? await waitingFor(actor, { delegations, now }, read) : () => true;
    const lookedAt = waitingForMe ? LOOKED_AT : limit;
    const found = await approvals.list(read, {
      // only pending requests can wait for somebody
      state: waitingForMe ? 'PENDING' : query.state,
      // a delegate may decide without having taken part, so each request is checked
      participant: waitingForMe || seesAll(actor) ? undefined : actor.id,
      after: cursor === undefined ? undefined : idOf(cursor),
      // one more shows whether there is another page
      limit: lookedAt + 1,
    });
    const page: Approval[] = [];
    let last: Approval | undefined;
    for (const approval of found.slice(0, lookedAt)) {
      if (page.length === limit) break;
      last = approval;
      if (isWanted(approval)) page.push(approval);
    }
    const hasMore = last !== undefined && last !== found.at(-1);
    return {
      status: 200,
      body: {
        items: page.map((approval) => summary(approval, actor)),
        ...(hasMore && last ? { nextCursor: cursorOf(last.approvalId) } : {}),
      },
    };
  };

/** A cursor is the last id that its page examined. It is opaque to clients. */
function cursorOf(approvalId: string): string {
  return Buffer.from(approvalId.replaceAll('-', ''), 'hex').toString('base64url');
}

function idOf(cursor: string): string {
  return Buffer.from(cursor, 'base64url').toString('hex');
}
