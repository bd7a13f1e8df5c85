import { afterFailure, slowBackoff, type DeathReason, type RetryPolicy } from '../step.ts';

/** The outcome of trying a parked key's first event. */
export type ParkedInput =
  | { readonly kind: 'committed' }
  | { readonly kind: 'failed'; readonly error: string }
  /** It waited too long for a lock, or a statement or the handler took too long. */
  | { readonly kind: 'slow'; readonly error: string }
  | { readonly kind: 'undecodable'; readonly error: string }
  /** The database or the registry is unavailable, or the service has no such consumer. */
  | { readonly kind: 'unavailable'; readonly error: string }
  /** The registry is available and does not know the writer's schema. */
  | { readonly kind: 'unknownSchema'; readonly error: string }
  /** The partition has another owner, or nobody knows whether the transaction is committed. */
  | { readonly kind: 'unclear' };

export type ParkedEffect =
  /** Go on with the next event of the key at once. */
  | { readonly kind: 'next' }
  | { readonly kind: 'reschedule'; readonly tries: number; readonly ms: number; readonly error: string }
  | { readonly kind: 'deadLetter'; readonly reason: DeathReason; readonly tries: number; readonly error: string }
  /** Keep the event in the queue, and wait for an operator. */
  | { readonly kind: 'hold'; readonly tries: number; readonly error: string }
  /** Leave the key as it is. It stays due. */
  | { readonly kind: 'leave' };

/**
 * Events that may not be at fault themselves are retried for at least this long, in milliseconds. That leaves time to
 * find and fix a forgotten lock, a slow database or an empty registry.
 */
export const PATIENCE_MS = 600_000;

/** A parked key before a try of its first event. */
export interface ParkedHead {
  /** Failed tries. */
  readonly tries: number;
  /** For how many milliseconds the event has been the first of its key. */
  readonly waitedMs: number;
}

/**
 * What happens to an event that waits for something else. This does not count as a try. The key does not stay due,
 * because it would keep the instance from trying others. Its waits get longer the longer it has waited.
 */
export function waitStep({ tries, waitedMs }: ParkedHead, error: string): ParkedEffect & { kind: 'reschedule' } {
  const ms = Math.round(Math.min(30_000, Math.max(1_000, waitedMs / 4)));
  return { kind: 'reschedule', tries, ms, error };
}

/**
 * What happens to an event whose schema the registry does not know. It is never given up, because its bytes may be
 * right.
 */
export function unknownSchemaStep(head: ParkedHead, error: string): ParkedEffect & { kind: 'reschedule' | 'hold' } {
  return head.waitedMs < PATIENCE_MS ? waitStep(head, error) : { kind: 'hold', tries: head.tries, error };
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
    case 'unclear':
      return { kind: 'leave' };
    case 'unavailable':
      return waitStep({ tries, waitedMs }, input.error);
    case 'unknownSchema':
      return unknownSchemaStep({ tries, waitedMs }, input.error);
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
