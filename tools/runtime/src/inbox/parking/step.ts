import { afterFailure, type DeathReason, type RetryPolicy } from '../step.ts';

/** Outcome of a try of a parked key's first event. */
export type ParkedInput =
  | { readonly kind: 'committed' }
  | { readonly kind: 'failed'; readonly error: string }
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

/** Decides what happens next to a parked key whose first event had failed `tries` times before this try. */
export function parkedStep(
  tries: number,
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
    case 'failed': {
      const next = afterFailure(tries + 1, policy, random);
      if (next.kind === 'giveUp') return { kind: 'deadLetter', reason: 'failed', tries: tries + 1, error: input.error };
      return { kind: 'reschedule', tries: tries + 1, ms: next.ms, error: input.error };
    }
  }
}
