import type { DeciderRole } from './policy.ts';

/** A person allows another one to decide in their name for some time. */
export interface Delegation {
  readonly delegationId: string;
  readonly delegatorId: string;
  readonly delegateId: string;
  /** The roles in the delegator's token when they delegated. The delegate may decide what these roles may decide. */
  readonly roles: readonly DeciderRole[];
  readonly startsAt: Date;
  /** The first instant at which it is no longer valid. */
  readonly endsAt: Date;
  readonly revokedAt: Date | undefined;
}

/** Whether it is valid at this time. */
export function isActive({ startsAt, endsAt, revokedAt }: Delegation, now: Date): boolean {
  return startsAt <= now && now < endsAt && revokedAt === undefined;
}
