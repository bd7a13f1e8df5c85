import type { ConfirmPolicy } from '@atlas/generated-workflow';
import { confirmed } from '../domain/acts.ts';
import { confirm } from '../domain/policyVersion.ts';
import type { AuditLog, DatabaseTime, PolicyStore } from '../ports.ts';
import { policyVersion } from './policyView.ts';

interface Deps {
  readonly policies: PolicyStore;
  readonly audit: AuditLog;
  readonly now: DatabaseTime;
}

export const confirmPolicy =
  ({ policies, audit, now }: Deps): ConfirmPolicy.Handler =>
  async ({ params, ctx }, tx): Promise<ConfirmPolicy.Result> => {
    const { policyId, version } = params;
    await policies.lock(tx);
    const proposal = await policies.version(tx, policyId, BigInt(version));
    const inForce = (await policies.current(tx, policyId, 0)).at(-1);
    if (!proposal || !inForce)
      return { status: 404, problem: { code: 'policy-not-found', detail: `${policyId} has no version ${version}` } };
    const confirming = confirm(proposal, inForce.version, ctx.actor.id, await now(tx));
    if (!confirming.ok) return confirming;
    await policies.confirm(tx, confirming.confirmed);
    await audit.append(tx, confirmed(confirming.confirmed));
    return { status: 200, body: policyVersion(confirming.confirmed) };
  };
