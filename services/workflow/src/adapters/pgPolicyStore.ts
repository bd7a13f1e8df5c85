import { sql } from 'slonik';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import type { PolicyInForce } from '../domain/policy.ts';
import type { PolicyStore } from '../ports.ts';
import { toRule, type RuleJson } from './policyJson.ts';

type InForceRow = Pick<PolicyInForce, 'policyId' | 'version'> & { readonly rules: readonly RuleJson[] };

/** Policies in Postgres. */
export const pgPolicyStore: PolicyStore = {
  inForce: async (tx, type) => {
    const { rules, ...policy } = await slonikOf(tx).one(sql.prepared('workflow.policy_in_force', rows<InForceRow>())`
      SELECT policy_id AS "policyId", version, rules FROM policy_version JOIN policy USING (policy_id)
      WHERE subject_type = ${type} AND confirmed_at IS NOT NULL ORDER BY version DESC LIMIT 1`);
    return { ...policy, rules: rules.map(toRule) };
  },
};
