import { afterFailure, slowBackoff, type DeathReason, type RetryPolicy } from '../step.ts';

/** Outcome of a try of a parked key's first event. */
export type ParkedInput =
  | { readonly kind: 'committed' }
  | { readonly kind: 'failed'; readonly error: string }
  /** It waited too long for a lock, or a statement or the handler took too long. */
  | { readonly kind: 'slow'; readonly error: string }
  | { readonly kind: 'undecodable'; readonly error: string }
  /** Database or registry are unavailable, or the partition has another owner. */
  | { readonly kind: 'unavailable' };

export type ParkedEffect =
  /** Go on with the next event of the key at once. */
  | { readonly kind: 'next' }
  | { readonly kind: 'reschedule'; readonly tries: number; readonly ms: number; readonly error: string }
  | { readonly kind: 'deadLetter'; readonly reason: DeathReason; readonly tries: number; readonly error: string }
  /** Leave the key as it is. It stays due. */
  | { readonly kind: 'leave' };

/**
 * Events that may not be at fault themselves are retried for this time at least, in milliseconds: a lock that somebody
 * forgot or a slow database is found and fixed within it.
 */
export const PATIENCE_MS = 600_000;

/** A parked key before a try of its first event. */
export interface ParkedHead {
  /** Failed tries. */
  readonly tries: number;
  /** For how many milliseconds the event has been the first of its key. */
  readonly waitedMs: number;
}

/** Decides what happens next to a parked key. */
export function parkedStep(
  { tries, waitedMs }: ParkedHead,
  policy: RetryPolicy,
  input: ParkedInput,
  random?: () => number,
): ParkedEffect {
  switch (input.kind) {
    case 'committed':
      return { kind: 'next' };
    case 'unavailable':
      return { kind: 'leave' };
    case 'undecodable':
      return { kind: 'deadLetter', reason: 'undecodable', tries: tries + 1, error: input.error };
    case 'slow':
      if (tries + 1 > policy.retries && waitedMs >= PATIENCE_MS)
        return { kind: 'deadLetter', reason: 'failed', tries: tries + 1, error: input.error };
      return { kind: 'reschedule', tries: tries + 1, ms: slowBackoff(tries + 1, random), error: input.error };
    case 'failed': {
      const next = afterFailure(tries + 1, policy, random);
      if (next.kind === 'giveUp') return { kind: 'deadLetter', reason: 'failed', tries: tries + 1, error: input.error };
      return { kind: 'reschedule', tries: tries + 1, ms: next.ms, error: input.error };
    }
  }
}
