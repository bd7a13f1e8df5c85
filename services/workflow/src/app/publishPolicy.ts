import type { PublishPolicy } from '@atlas/generated-workflow';
import { proposed } from '../domain/acts.ts';
import { propose } from '../domain/policyVersion.ts';
import type { AuditLog, DatabaseTime, PolicyStore } from '../ports.ts';
import { policyVersion, ruleOf } from './policyView.ts';
import { notFound } from './notFound.ts';

interface Deps {
  readonly policies: PolicyStore;
  readonly audit: AuditLog;
  readonly now: DatabaseTime;
}

export const publishPolicy =
  ({ policies, audit, now }: Deps): PublishPolicy.Handler =>
  async ({ params, body, ctx }, tx): Promise<PublishPolicy.Result> => {
    const { policyId } = params;
    await policies.lock(tx);
    const [newest] = await policies.current(tx, policyId, 1);
    if (!newest) return notFound('policy', policyId);
    const proposing = propose(body.rules.map(ruleOf), newest, ctx.actor.id, await now(tx));
    if (!proposing.ok) return proposing;
    const { proposal } = proposing;
    await policies.add(tx, proposal);
    await audit.append(tx, proposed(proposal));
    return {
      status: 201,
      body: policyVersion(proposal),
      headers: { Location: `/v1/policies/${policyId}/versions/${proposal.version}` },
    };
  };
