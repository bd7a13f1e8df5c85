import type { ListDelegations } from '@atlas/generated-workflow';
import type { DatabaseTime, DelegationStore } from '../ports.ts';
import { delegationView } from './delegationView.ts';

/** How many are shown. */
const MOST = 200;

interface Deps {
  readonly delegations: DelegationStore;
  readonly now: DatabaseTime;
}

export const listDelegations =
  ({ delegations, now }: Deps): ListDelegations.Handler =>
  async ({ ctx }, read): Promise<ListDelegations.Result> => {
    const found = await delegations.around(read, [ctx.actor.id], await now(read));
    return { status: 200, body: { items: found.slice(0, MOST).map(delegationView) } };
  };
