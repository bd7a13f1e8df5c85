import type { RevokeDelegation } from '@atlas/generated-workflow';
import { revoked } from '../domain/acts.ts';
import { revoke } from '../domain/delegate.ts';
import type { AuditLog, DatabaseTime, DelegationStore } from '../ports.ts';
import { notFound } from './notFound.ts';

interface Deps {
  readonly delegations: DelegationStore;
  readonly audit: AuditLog;
  readonly now: DatabaseTime;
}

export const revokeDelegation =
  ({ delegations, audit, now }: Deps): RevokeDelegation.Handler =>
  async ({ params, ctx }, tx): Promise<RevokeDelegation.Result> => {
    const { delegationId } = params;
    const found = await delegations.load(tx, delegationId);
    if (!found) return notFound('delegation', delegationId);
    const revoking = revoke(found, ctx.actor, await now(tx));
    if (!revoking.ok) return revoking;
    if (revoking.revoked) {
      await delegations.revoke(tx, revoking.revoked, ctx.actor.id);
      await audit.append(tx, revoked(revoking.revoked, ctx.actor.id));
    }
    return { status: 204 };
  };
