import type { DeciderRole } from './policy.ts';

/** Somebody lets somebody else decide in their name for some time. */
export interface Delegation {
  readonly delegationId: string;
  readonly delegatorId: string;
  readonly delegateId: string;
  /** What the delegator's token said when they delegated: the delegate may decide what these roles may. */
  readonly roles: readonly DeciderRole[];
  readonly startsAt: Date;
  /** The first instant at which it does not hold any more. */
  readonly endsAt: Date;
  readonly revokedAt: Date | undefined;
}

/** Whether it holds at this time. */
export function isActive({ startsAt, endsAt, revokedAt }: Delegation, now: Date): boolean {
  return startsAt <= now && now < endsAt && revokedAt === undefined;
}
