import type { GetPolicyVersion } from '@atlas/generated-workflow';
import type { PolicyStore } from '../ports.ts';
import { policyVersion } from './policyView.ts';

export const getPolicyVersion =
  ({ policies }: { readonly policies: PolicyStore }): GetPolicyVersion.Handler =>
  async ({ params }, read): Promise<GetPolicyVersion.Result> => {
    const { policyId, version } = params;
    const found = await policies.version(read, policyId, BigInt(version));
    if (!found)
      return { status: 404, problem: { code: 'policy-not-found', detail: `${policyId} has no version ${version}` } };
    return { status: 200, body: policyVersion(found) };
  };
