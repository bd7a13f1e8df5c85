import type { CreateDelegation } from '@atlas/generated-workflow';
import { delegated } from '../domain/acts.ts';
import { delegate } from '../domain/delegate.ts';
import type { ApprovalStore, AuditLog, DatabaseTime, DelegationStore } from '../ports.ts';
import { delegationView } from './delegationView.ts';

interface Deps {
  readonly approvals: ApprovalStore;
  readonly delegations: DelegationStore;
  readonly audit: AuditLog;
  readonly now: DatabaseTime;
}

export const createDelegation =
  ({ approvals, delegations, audit, now }: Deps): CreateDelegation.Handler =>
  async ({ body, ctx }, tx): Promise<CreateDelegation.Result> => {
    const { delegateId, startsAt, endsAt, reason } = body;
    // two people who delegate to each other at the same time must see each other
    await delegations.lock(tx);
    const time = await now(tx);
    const delegating = delegate(
      {
        delegationId: ctx.newId(),
        delegator: ctx.actor,
        delegateId,
        startsAt: startsAt === undefined ? undefined : new Date(startsAt),
        endsAt: new Date(endsAt),
      },
      {
        others: await delegations.around(tx, [ctx.actor.id, delegateId], time),
        delegateIsRequester: await approvals.waitsFor(tx, delegateId),
        now: time,
      },
    );
    if (!delegating.ok) return delegating;
    const delegation = { ...delegating.delegation, reason };
    await delegations.add(tx, delegation, time);
    await audit.append(tx, delegated(delegation, reason, time));
    return {
      status: 201,
      body: delegationView(delegation),
      headers: { Location: `/v1/delegations/${delegation.delegationId}` },
    };
  };
