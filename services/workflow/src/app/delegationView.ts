import type { components } from '@atlas/generated-workflow';
import type { StoredDelegation } from '../ports.ts';

/** A delegation, as the contract shows it. */
export function delegationView(delegation: StoredDelegation): components['schemas']['Delegation'] {
  const { delegationId, delegatorId, delegateId, roles, reason, startsAt, endsAt, revokedAt } = delegation;
  return {
    delegationId,
    delegatorId,
    delegateId,
    roles: [...roles],
    ...(reason === undefined ? {} : { reason }),
    startsAt: startsAt.toISOString(),
    endsAt: endsAt.toISOString(),
    ...(revokedAt ? { revokedAt: revokedAt.toISOString() } : {}),
  };
}
