import { fullJitter } from '../time/fullJitter.ts';

/** `x-atlas-retry` of a consumer. */
export interface RetryPolicy {
  /** After the first try. */
  readonly retries: number;
  readonly baseMs: number;
  readonly capMs: number;
}

/** What comes after a try that failed. */
export type Verdict =
  /** Try again without letting go of the partition. */
  | { readonly kind: 'here'; readonly ms: number }
  /** Park the key, so that the partition goes on, and try again later. */
  | { readonly kind: 'park'; readonly ms: number }
  | { readonly kind: 'dead' };

/** So many retries keep the partition waiting; the others happen in the parked key's own time. */
const IN_PLACE = 2;

/** A longer wait than this, in milliseconds, is no partition's to bear: other keys stand behind the one that failed. */
const PATIENCE_MS = 5_000;

/**
 * Exponential backoff with full jitter: the first try, two in place where they are soon, the rest parked, then dead.
 * `tries` counts those that failed.
 */
export function verdict(tries: number, policy: RetryPolicy, random?: () => number): Verdict {
  if (tries > policy.retries) return { kind: 'dead' };
  const ms = fullJitter(tries, policy, random);
  return { kind: tries <= IN_PLACE && ms <= PATIENCE_MS ? 'here' : 'park', ms };
}
