import { sql, type CommonQueryMethods } from 'slonik';
import { rows } from '@atlas/runtime/slonik';
import { confirmed, delegated, proposed, revoked } from '../domain/acts.ts';
import { DELEGATION, toDelegation, type DelegationRow } from './pgDelegationStore.ts';
import { VERSION, toVersion, type VersionRow } from './pgPolicyStore.ts';

type AuditedDelegation = DelegationRow & { readonly createdAt: Date; readonly revokedBy: string | null };

/**
 * The entries that the chain must have for the present policies and delegations, one text per act. Version 1 of a
 * policy comes with the release, so it was never proposed.
 */
export async function factsOfRows(db: CommonQueryMethods): Promise<readonly string[]> {
  const versions = await db.any(sql.prepared('audit.policy_versions', rows<VersionRow>())`${VERSION}
    WHERE version > 1`);
  const delegations = await db.any(sql.prepared('audit.delegations', rows<AuditedDelegation>())`
    SELECT d.*, t.created_at AS "createdAt", t.revoked_by AS "revokedBy"
    FROM (${DELEGATION}) d JOIN delegation t ON t.delegation_id = d."delegationId"`);
  return [
    ...versions
      .map(toVersion)
      .flatMap((version) => [proposed(version), ...(version.confirmation ? [confirmed(version)] : [])]),
    ...delegations.flatMap(({ createdAt, revokedBy, ...row }) => {
      const delegation = toDelegation(row);
      const made = delegated(delegation, delegation.reason, createdAt);
      return revokedBy === null ? [made] : [made, revoked(delegation, revokedBy)];
    }),
  ];
}
