import type { GetDelegation } from '@atlas/generated-workflow';
import { maySeeDelegation } from '../domain/delegate.ts';
import type { DelegationStore } from '../ports.ts';
import { delegationView } from './delegationView.ts';
import { notFound } from './notFound.ts';

export const getDelegation =
  ({ delegations }: { readonly delegations: DelegationStore }): GetDelegation.Handler =>
  async ({ params, ctx }, read): Promise<GetDelegation.Result> => {
    const { delegationId } = params;
    const found = await delegations.read(read, delegationId);
    if (!found) return notFound('delegation', delegationId);
    if (!maySeeDelegation(found, ctx.actor))
      return { status: 403, problem: { code: 'not-your-delegation', detail: 'it is the delegation of others' } };
    return { status: 200, body: delegationView(found) };
  };
