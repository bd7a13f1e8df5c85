import { ruleOfStep, type Approval, type Pending } from './approval.ts';
import { isActive, type Delegation } from './delegation.ts';
import { isDeciderRole, type DeciderRole } from './policy.ts';
import { refuse, type Refusal } from './refusal.ts';

export interface Person {
  readonly id: string;
  /** The roles in their token now. */
  readonly roles: readonly string[];
}

export type Eligibility =
  | { readonly ok: true; readonly role: DeciderRole; readonly delegation: Delegation | undefined }
  | Refusal<403, 'requester-may-not-decide' | 'not-eligible' | 'delegation-not-active'>
  | Refusal<409, 'already-decided'>;

/**
 * Whether a person may decide the active step, and which role entitles them (W1, W2). `onBehalfOf` is the person in
 * whose name they decide, with the delegations from that person to the actor; undefined if it is in their own.
 */
export function eligibility(
  pending: Pending,
  actor: Person,
  onBehalfOf: { readonly id: string; readonly delegations: readonly Delegation[] } | undefined,
  now: Date,
): Eligibility {
  const people = onBehalfOf ? [actor.id, onBehalfOf.id] : [actor.id];
  if (people.includes(pending.subject.requesterId))
    return refuse(403, 'requester-may-not-decide', 'whoever requested it decides neither in person nor through others');
  const before = new Set(pending.decisions.flatMap((decision) => [decision.actorId, decision.onBehalfOf]));
  if (people.some((person) => before.has(person)))
    return refuse(
      409,
      'already-decided',
      'each person counts once in a request, whether they decide or are stood in for',
    );
  if (!onBehalfOf) {
    const role = entitlingRole(pending, actor.id, actor.roles);
    return role ? { ok: true, role, delegation: undefined } : notEligible(pending);
  }
  const active = onBehalfOf.delegations.filter(
    (delegation) =>
      delegation.delegatorId === onBehalfOf.id && delegation.delegateId === actor.id && isActive(delegation, now),
  );
  if (active.length === 0)
    return refuse(403, 'delegation-not-active', `no delegation from ${onBehalfOf.id} to you holds now`);
  for (const delegation of active) {
    const role = entitlingRole(pending, onBehalfOf.id, delegation.roles);
    if (role) return { ok: true, role, delegation };
  }
  return notEligible(pending);
}

/** The role with which a person may decide the active step; undefined if none. */
function entitlingRole(pending: Pending, person: string, roles: readonly string[]): DeciderRole | undefined {
  const { role, escalation } = ruleOfStep(pending.steps, pending.step);
  if (roles.includes(role) && (!pending.assignees || pending.assignees.includes(person))) return role;
  return pending.escalated && escalation && roles.includes(escalation.role) ? escalation.role : undefined;
}

function notEligible({ step, steps, assignees }: Pending): Eligibility {
  const { role } = ruleOfStep(steps, step);
  return refuse(
    403,
    'not-eligible',
    `step ${step} is decided by ${assignees ? 'those of its assignees who have' : 'people with'} the role ${role}`,
  );
}

/** Whether a person may decide a request now, in their own name or in that of somebody who delegated to them. */
export function mayDecide(approval: Approval, actor: Person, received: readonly Delegation[], now: Date): boolean {
  if (approval.state !== 'PENDING' || now >= approval.dueAt || !actor.roles.some(isDeciderRole)) return false;
  const names = [undefined, ...received.map(({ delegatorId }) => ({ id: delegatorId, delegations: received }))];
  return names.some((onBehalfOf) => eligibility(approval, actor, onBehalfOf, now).ok);
}
