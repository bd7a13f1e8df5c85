import { sql } from 'slonik';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import type { Delegation } from '../domain/delegation.ts';
import type { DelegationStore } from '../ports.ts';

interface Row extends Omit<Delegation, 'revokedAt'> {
  readonly revokedAt: Date | null;
}

const DELEGATION = sql.fragment`
  SELECT delegation_id AS "delegationId", delegator_id AS "delegatorId", delegate_id AS "delegateId", roles,
    starts_at AS "startsAt", ends_at AS "endsAt", revoked_at AS "revokedAt"
  FROM delegation`;

/** Delegations in Postgres. */
export const pgDelegationStore: DelegationStore = {
  between: async (tx, delegatorId, delegateId) => {
    const found = await slonikOf(tx).any(sql.prepared('workflow.delegations_between', rows<Row>())`${DELEGATION}
      WHERE delegator_id = ${delegatorId} AND delegate_id = ${delegateId} ORDER BY delegation_id FOR SHARE`);
    return found.map(toDelegation);
  },

  received: async (read, delegateId, now) => {
    const instant = now.toISOString();
    const found = await slonikOf(read).any(sql.prepared('workflow.delegations_received', rows<Row>())`${DELEGATION}
      WHERE delegate_id = ${delegateId} AND revoked_at IS NULL AND starts_at <= ${instant} AND ${instant} < ends_at`);
    return found.map(toDelegation);
  },
};

function toDelegation({ revokedAt, ...delegation }: Row): Delegation {
  return { ...delegation, revokedAt: revokedAt ?? undefined };
}
