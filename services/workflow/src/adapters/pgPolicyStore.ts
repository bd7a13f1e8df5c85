import { sql } from 'slonik';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import type { PolicyVersion } from '../domain/policyVersion.ts';
import type { PolicyStore } from '../ports.ts';
import { fromRule, toRule, type RuleJson } from './policyJson.ts';

/** A row of `policy_version`, as VERSION selects it. */
export interface VersionRow extends Omit<PolicyVersion, 'rules' | 'confirmation'> {
  readonly rules: readonly RuleJson[];
  readonly confirmedBy: string | null;
  readonly confirmedAt: Date | null;
}

export const VERSION = sql.fragment`
  SELECT policy_id AS "policyId", subject_type AS "subjectType", version, rules, proposed_by AS "proposedBy",
    proposed_at AS "proposedAt", confirmed_by AS "confirmedBy", confirmed_at AS "confirmedAt"
  FROM policy_version JOIN policy USING (policy_id)`;

/** Policies in Postgres. */
export const pgPolicyStore: PolicyStore = {
  inForce: async (tx, type) => {
    const row = await slonikOf(tx).one(sql.prepared('workflow.policy_in_force', rows<VersionRow>())`${VERSION}
      WHERE subject_type = ${type} AND confirmed_at IS NOT NULL ORDER BY version DESC LIMIT 1`);
    return toVersion(row);
  },

  current: async (session, policyId, proposals) => {
    const found = await slonikOf(session).any(sql.prepared('workflow.policy_versions', rows<VersionRow>())`${VERSION}
      WHERE policy_id = ${policyId} AND version IN (
        (SELECT max(version) FROM policy_version WHERE policy_id = ${policyId} AND confirmed_at IS NOT NULL)
        UNION (SELECT version FROM policy_version WHERE policy_id = ${policyId} AND confirmed_at IS NULL
          AND version > (SELECT max(version) FROM policy_version WHERE policy_id = ${policyId} AND confirmed_at IS NOT NULL)
          ORDER BY version DESC LIMIT ${proposals}))
      ORDER BY version DESC`);
    return found.map(toVersion);
  },

  version: async (session, policyId, version) => {
    const row = await slonikOf(session).maybeOne(sql.prepared('workflow.policy_version', rows<VersionRow>())`${VERSION}
      WHERE policy_id = ${policyId} AND version = ${version}`);
    return row ? toVersion(row) : undefined;
  },

  lock: async (tx) => {
    await slonikOf(tx).query(sql.prepared('workflow.lock_policies', rows<never>())`
      SELECT pg_advisory_xact_lock(hashtext('workflow.policy'))`);
  },

  add: async (tx, { policyId, version, rules, proposedBy, proposedAt }) => {
    await slonikOf(tx).query(sql.prepared('workflow.propose_policy', rows<never>())`
      INSERT INTO policy_version (policy_id, version, rules, proposed_by, proposed_at)
      VALUES (${policyId}, ${version}, ${JSON.stringify(rules.map(fromRule))}, ${proposedBy}, ${proposedAt.toISOString()})`);
  },

  confirm: async (tx, { policyId, version, confirmation }) => {
    await slonikOf(tx).query(sql.prepared('workflow.confirm_policy', rows<never>())`
      UPDATE policy_version SET confirmed_by = ${confirmation?.by ?? null},
        confirmed_at = ${confirmation?.at.toISOString() ?? null}
      WHERE policy_id = ${policyId} AND version = ${version}`);
  },
};

export function toVersion({ rules, confirmedBy, confirmedAt, ...version }: VersionRow): PolicyVersion {
  return {
    ...version,
    rules: rules.map(toRule),
    confirmation: confirmedBy !== null && confirmedAt ? { by: confirmedBy, at: confirmedAt } : undefined,
  };
}
