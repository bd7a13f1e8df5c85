import { verdict, type RetryPolicy, type DeathReason } from '../step.ts';

/** What a try of a parked key's first event came to. */
export type ParkedInput =
  | { readonly kind: 'settled' }
  | { readonly kind: 'failed'; readonly error: string }
  | { readonly kind: 'undecodable'; readonly error: string }
  /** Database, registry or partition are somebody else's or out of reach. */
  | { readonly kind: 'away' };

export type ParkedEffect =
  /** The next of its queue, at once. */
  | { readonly kind: 'next' }
  | { readonly kind: 'reschedule'; readonly tries: number; readonly ms: number; readonly error: string }
  | { readonly kind: 'bury'; readonly reason: DeathReason; readonly tries: number; readonly error: string }
  /** Leave the key as it is; it is due still. */
  | { readonly kind: 'leave' };

/** What to do with a parked key whose first event has failed `tries` times before this try. */
export function parkedStep(
  tries: number,
  policy: RetryPolicy,
  input: ParkedInput,
  random?: () => number,
): ParkedEffect {
  switch (input.kind) {
    case 'settled':
      return { kind: 'next' };
    case 'away':
      return { kind: 'leave' };
    case 'undecodable':
      return { kind: 'bury', reason: 'undecodable', tries: tries + 1, error: input.error };
    case 'failed': {
      const next = verdict(tries + 1, policy, random);
      if (next.kind === 'dead') return { kind: 'bury', reason: 'failed', tries: tries + 1, error: input.error };
      return { kind: 'reschedule', tries: tries + 1, ms: next.ms, error: input.error };
    }
  }
}
