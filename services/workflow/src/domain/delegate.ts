import type { Delegation } from './delegation.ts';
import type { Person } from './eligibility.ts';
import { isDeciderRole } from './policy.ts';
import { refuse, type Refusal } from './refusal.ts';

const DAY_MS = 86_400_000;
/** The longest delegation. It limits how old the known roles of the delegator can be. */
const MOST_DAYS = 31;
const MOST_DAYS_AHEAD = 366;
/** The most delegations of one person that have not ended. */
const MOST_OPEN = 20;

export interface NewDelegation {
  readonly delegationId: string;
  readonly delegator: Person;
  readonly delegateId: string;
  /** Undefined means now. */
  readonly startsAt: Date | undefined;
  readonly endsAt: Date;
}

/** The other facts that matter. */
export interface Around {
  /** Delegations from or to one of the two that are valid now or later. */
  readonly others: readonly Delegation[];
  /** Whether the delegate waits for the approval of something that they requested. */
  readonly delegateIsRequester: boolean;
  readonly now: Date;
}

type Delegating =
  | { readonly ok: true; readonly delegation: Delegation }
  | Refusal<
      409,
      'delegation-loop' | 'delegation-chain' | 'delegation-exists' | 'delegate-is-requester' | 'delegations-too-many'
    >
  | Refusal<422, 'delegation-to-self' | 'delegation-period-invalid'>;

/**
 * createDelegation. Delegations must have a depth of one and no loops, at any time at which two of them are valid
 * together.
 */
export function delegate(
  { delegationId, delegator, delegateId, startsAt, endsAt }: NewDelegation,
  { others, delegateIsRequester, now }: Around,
): Delegating {
  if (delegateId === delegator.id) return refuse(422, 'delegation-to-self', 'you decide in your own name anyway');
  const period = { startsAt: startsAt ?? now, endsAt };
  const flaw = flawOf(period, now);
  if (flaw) return refuse(422, 'delegation-period-invalid', flaw);
  if (others.filter((other) => other.delegatorId === delegator.id).length >= MOST_OPEN)
    return refuse(409, 'delegations-too-many', `you have ${MOST_OPEN} delegations that have not ended`);
  const together = others.filter((other) => overlap(period, other, now));
  if (together.some((other) => other.delegatorId === delegateId && other.delegateId === delegator.id))
    return refuse(409, 'delegation-loop', `${delegateId} delegates to you at that time`);
  if (together.some((other) => other.delegatorId === delegator.id && other.delegateId === delegateId))
    return refuse(409, 'delegation-exists', `you delegate to ${delegateId} at that time already: revoke it first`);
  if (together.some((other) => other.delegateId === delegator.id))
    return refuse(409, 'delegation-chain', 'somebody delegates to you at that time, and you cannot pass it on');
  if (together.some((other) => other.delegatorId === delegateId))
    return refuse(409, 'delegation-chain', `${delegateId} delegates to somebody else at that time`);
  if (delegateIsRequester)
    return refuse(409, 'delegate-is-requester', `${delegateId} waits for the approval of something they requested`);
  const roles = delegator.roles.filter(isDeciderRole);
  return {
    ok: true,
    delegation: { delegationId, delegatorId: delegator.id, delegateId, roles, ...period, revokedAt: undefined },
  };
}

type Period = Pick<Delegation, 'startsAt' | 'endsAt'>;

function flawOf({ startsAt, endsAt }: Period, now: Date): string | undefined {
  // RFC 3339 has leap seconds, but Date does not
  if (Number.isNaN(startsAt.getTime()) || Number.isNaN(endsAt.getTime())) return 'it begins or ends in a leap second';
  if (startsAt < now) return 'it begins in the past: leave startsAt out to begin now';
  if (endsAt <= startsAt) return 'it ends before it begins';
  if (endsAt.getTime() - startsAt.getTime() > MOST_DAYS * DAY_MS) return `it is longer than ${MOST_DAYS} days`;
  return startsAt.getTime() - now.getTime() > MOST_DAYS_AHEAD * DAY_MS
    ? `it begins in more than ${MOST_DAYS_AHEAD} days`
    : undefined;
}

/** Whether another delegation is valid at some time of the period, from now on. */
function overlap({ startsAt, endsAt }: Period, other: Delegation, now: Date): boolean {
  return other.revokedAt === undefined && other.endsAt > now && startsAt < other.endsAt && other.startsAt < endsAt;
}

type Revoking =
  | { readonly ok: true; /** Undefined if it does not hold any more. */ readonly revoked: Delegation | undefined }
  | Refusal<403, 'not-your-delegation'>;

/** revokeDelegation. The delegate must not revoke it, because that would hide in whose name they could have decided. */
export function revoke(delegation: Delegation, actor: Person, now: Date): Revoking {
  if (delegation.delegatorId !== actor.id && !actor.roles.includes('admin'))
    return refuse(403, 'not-your-delegation', 'only the person who delegated and an admin may revoke it');
  const over = delegation.revokedAt !== undefined || delegation.endsAt <= now;
  return { ok: true, revoked: over ? undefined : { ...delegation, revokedAt: now } };
}

/** Whether somebody may read a delegation: the two people, and an admin. */
export function maySeeDelegation({ delegatorId, delegateId }: Delegation, { id, roles }: Person): boolean {
  return delegatorId === id || delegateId === id || roles.includes('admin');
}
