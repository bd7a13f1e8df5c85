import type { GetPolicy } from '@atlas/generated-workflow';
import type { PolicyStore } from '../ports.ts';
import { policyVersion } from './policyView.ts';
import { notFound } from './notFound.ts';

/** How many proposals are shown. */
const MOST = 50;

export const getPolicy =
  ({ policies }: { readonly policies: PolicyStore }): GetPolicy.Handler =>
  async ({ params }, read): Promise<GetPolicy.Result> => {
    const { policyId } = params;
    const current = await policies.current(read, policyId, MOST);
    const inForce = current.at(-1);
    if (!inForce) return notFound('policy', policyId);
    const proposals = current.slice(0, -1).map(policyVersion);
    const { subjectType } = inForce;
    return { status: 200, body: { policyId, subjectType, inForce: policyVersion(inForce), proposals } };
  };
