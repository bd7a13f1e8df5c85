import type { Approval } from '../domain/approval.ts';
import { mayDecide, type Person } from '../domain/eligibility.ts';
import type { DatabaseTime, DelegationStore, Read } from '../ports.ts';

export interface Judging {
  readonly delegations: DelegationStore;
  readonly now: DatabaseTime;
}

/** Whether a request waits for this person now, in their own name or in that of somebody who delegated to them. */
export async function waitingFor(
  actor: Person,
  { delegations, now }: Judging,
  read: Read,
): Promise<(approval: Approval) => boolean> {
  const time = await now(read);
  const received = await delegations.received(read, actor.id, time);
  return (approval) => mayDecide(approval, actor, received, time);
}
