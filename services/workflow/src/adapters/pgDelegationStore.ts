import { sql } from 'slonik';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import type { DelegationStore, StoredDelegation } from '../ports.ts';

/** A row of `delegation`, as DELEGATION selects it. */
export interface DelegationRow extends Omit<StoredDelegation, 'revokedAt' | 'reason'> {
  readonly revokedAt: Date | null;
  readonly reason: string | null;
}

export const DELEGATION = sql.fragment`
  SELECT delegation_id AS "delegationId", delegator_id AS "delegatorId", delegate_id AS "delegateId", roles, reason,
    starts_at AS "startsAt", ends_at AS "endsAt", revoked_at AS "revokedAt"
  FROM delegation`;

/** Delegations in Postgres. */
export const pgDelegationStore: DelegationStore = {
  between: async (tx, delegatorId, delegateId) => {
    const found = await slonikOf(tx).any(sql.prepared(
      'workflow.delegations_between',
      rows<DelegationRow>(),
    )`${DELEGATION}
      WHERE delegator_id = ${delegatorId} AND delegate_id = ${delegateId} ORDER BY delegation_id FOR SHARE`);
    return found.map(toDelegation);
  },

  received: async (read, delegateId, now) => {
    const instant = now.toISOString();
    const found = await slonikOf(read).any(sql.prepared(
      'workflow.delegations_received',
      rows<DelegationRow>(),
    )`${DELEGATION}
      WHERE delegate_id = ${delegateId} AND revoked_at IS NULL AND starts_at <= ${instant} AND ${instant} < ends_at`);
    return found.map(toDelegation);
  },

  around: async (session, people, now) => {
    const known = sql.array(people, 'text');
    const found = await slonikOf(session).any(sql.prepared(
      'workflow.delegations_around',
      rows<DelegationRow>(),
    )`${DELEGATION}
      WHERE (delegator_id = ANY (${known}) OR delegate_id = ANY (${known})) AND revoked_at IS NULL
        AND ends_at > ${now.toISOString()}
      ORDER BY ends_at, delegation_id`);
    return found.map(toDelegation);
  },

  lock: async (tx) => {
    await slonikOf(tx).query(sql.prepared('workflow.lock_delegations', rows<never>())`
      SELECT pg_advisory_xact_lock(hashtext('workflow.delegation'))`);
  },

  add: async (tx, { delegationId, delegatorId, delegateId, roles, reason, startsAt, endsAt }, createdAt) => {
    await slonikOf(tx).query(sql.prepared('workflow.insert_delegation', rows<never>())`
      INSERT INTO delegation (delegation_id, delegator_id, delegate_id, roles, reason, created_at, starts_at, ends_at)
      VALUES (${delegationId}, ${delegatorId}, ${delegateId}, ${sql.array(roles, 'text')}, ${reason ?? null},
        ${createdAt.toISOString()}, ${startsAt.toISOString()}, ${endsAt.toISOString()})`);
  },

  read: async (read, delegationId) => {
    const row = await slonikOf(read).maybeOne(sql.prepared(
      'workflow.select_delegation',
      rows<DelegationRow>(),
    )`${DELEGATION}
      WHERE delegation_id = ${delegationId}`);
    return row ? toDelegation(row) : undefined;
  },

  load: async (tx, delegationId) => {
    const row = await slonikOf(tx).maybeOne(sql.prepared(
      'workflow.lock_delegation',
      rows<DelegationRow>(),
    )`${DELEGATION}
      WHERE delegation_id = ${delegationId} FOR UPDATE`);
    return row ? toDelegation(row) : undefined;
  },

  revoke: async (tx, { delegationId, revokedAt }, actorId) => {
    await slonikOf(tx).query(sql.prepared('workflow.revoke_delegation', rows<never>())`
      UPDATE delegation SET revoked_at = ${revokedAt?.toISOString() ?? null}, revoked_by = ${actorId}
      WHERE delegation_id = ${delegationId}`);
  },
};

export function toDelegation({ revokedAt, reason, ...delegation }: DelegationRow): StoredDelegation {
  return { ...delegation, reason: reason ?? undefined, revokedAt: revokedAt ?? undefined };
}
