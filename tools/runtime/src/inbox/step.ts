import { fullJitter } from '../time/fullJitter.ts';

/** Why a record was given up: its handler failed in every try, or its bytes do not fit the type that it says it has. */
export type DeathReason = (typeof DEATH_REASONS)[number];
export const DEATH_REASONS = ['failed', 'undecodable'] as const;

/**
 * What a committed transaction did with a record. A duplicate had no effect; a queued one waits behind a parked key.
 */
export type Outcome = 'applied' | 'duplicate' | 'queued';

export interface RecordState {
  readonly policy: RetryPolicy;
  /** Failed tries. */
  readonly tries: number;
  /** How often in a row the partition has waited for the database or the registry. */
  readonly postponed: number;
}

export type RecordInput =
  | { readonly kind: 'slept' }
  | { readonly kind: 'committed'; readonly outcome: Outcome }
  /**
   * The handler threw, or returned what its contract does not allow. `ms` milliseconds have passed since the record was
   * taken.
   */
  | { readonly kind: 'failed'; readonly error: string; readonly ms: number }
  /** It waited too long for a lock, or a statement or the handler took too long. The transaction was cancelled. */
  | { readonly kind: 'slow'; readonly error: string }
  | { readonly kind: 'undecodable'; readonly error: string }
  /** The registry does not know the writer's schema, perhaps because it was restored empty. */
  | { readonly kind: 'unknownSchema'; readonly error: string }
  /** The database or the registry is unavailable, which is not the record's fault. */
  | { readonly kind: 'unavailable' }
  /** The connection broke during COMMIT, so the transaction may be committed or not. */
  | { readonly kind: 'commitUnknown' }
  /** The partition has another owner. */
  | { readonly kind: 'fenced' }
  | { readonly kind: 'parked' }
  | { readonly kind: 'deadLettered' };

export type RecordEffect =
  /** Run one transaction: inbox, handler, flush, fence. It checks the inbox first, so it can always be repeated. */
  | { readonly kind: 'apply'; readonly attempt: number }
  | { readonly kind: 'sleep'; readonly ms: number }
  | { readonly kind: 'park'; readonly ms: number; readonly tries: number; readonly error: string }
  | { readonly kind: 'deadLetter'; readonly reason: DeathReason; readonly tries: number; readonly error: string }
  /** Leave the batch and come back to this record later, so that other partitions need not wait. */
  | { readonly kind: 'postpone'; readonly ms: number }
  /** The record needs nothing more: its offset can be committed. */
  | { readonly kind: 'done'; readonly how: Outcome | 'parked' | 'deadLettered' }
  /** Leave the batch and join the group again. */
  | { readonly kind: 'leave' };

/** After one of these, the record needs nothing more, at least not now. */
export type LastEffect = Extract<RecordEffect, { kind: 'done' | 'postpone' | 'leave' }>;

type Step = readonly [RecordState, RecordEffect];

const UNKNOWN_SCHEMA_MS = 1_000;
const UNAVAILABLE_BACKOFF = { baseMs: 200, capMs: 5_000 } as const;

export function recordStart(policy: RetryPolicy, postponed: number): Step {
  return [
    { policy, tries: 0, postponed },
    { kind: 'apply', attempt: 1 },
  ];
}

/**
 * Decides what happens next to a record that is being consumed. An effect's outcome is the next input; `done`,
 * `postpone` and `leave` are the last effects.
 */
export function recordStep(state: RecordState, input: RecordInput, random?: () => number): Step {
  switch (input.kind) {
    case 'slept':
    case 'commitUnknown':
      return [state, { kind: 'apply', attempt: state.tries + 1 }];
    case 'committed':
      return [state, { kind: 'done', how: input.outcome }];
    case 'failed': {
      const tries = state.tries + 1;
      const failed = { ...state, tries };
      const next = afterFailure(tries, state.policy, random, input.ms);
      if (next.kind === 'retry') return [failed, { kind: 'sleep', ms: next.ms }];
      if (next.kind === 'park') return [failed, { kind: 'park', ms: next.ms, tries, error: input.error }];
      return [failed, { kind: 'deadLetter', reason: 'failed', tries, error: input.error }];
    }
    case 'slow': {
      // parked at once, because other keys have waited long enough
      const tries = state.tries + 1;
      return [
        { ...state, tries },
        { kind: 'park', ms: slowBackoff(tries, random), tries, error: input.error },
      ];
    }
    case 'unknownSchema':
      return [state, { kind: 'park', ms: UNKNOWN_SCHEMA_MS, tries: state.tries, error: input.error }];
    case 'undecodable':
      return [state, { kind: 'deadLetter', reason: 'undecodable', tries: state.tries + 1, error: input.error }];
    case 'unavailable':
      return [state, { kind: 'postpone', ms: unavailableBackoff(state.postponed, random) }];
    case 'fenced':
      return [state, { kind: 'leave' }];
    case 'parked':
    case 'deadLettered':
      return [state, { kind: 'done', how: input.kind }];
  }
}

/** `x-atlas-retry` of a consumer. */
export interface RetryPolicy {
  /** Retries after the first try. */
  readonly retries: number;
  readonly baseMs: number;
  readonly capMs: number;
}

/** What follows a failed try. */
export type AfterFailure =
  /** Try again after a wait, while the partition waits as well. */
  | { readonly kind: 'retry'; readonly ms: number }
  /** Park the key, so that the partition goes on, and try again later. */
  | { readonly kind: 'park'; readonly ms: number }
  | { readonly kind: 'giveUp' };

/** How many retries happen while the partition waits. The others happen while the key is parked. */
const RETRIES_IN_PLACE = 2;

/** The longest wait of a partition for the retries of a record, in milliseconds. Records of other keys wait with it. */
const MAX_PARTITION_WAIT_MS = 5_000;

/**
 * Exponential backoff with full jitter: the first try, two retries in place if their waits are short, then retries of
 * the parked key, then the dead letter. `tries` is how many tries failed, which took `spentMs` milliseconds together.
 */
export function afterFailure(
  tries: number,
  policy: RetryPolicy,
  random?: () => number,
  spentMs: number = 0,
): AfterFailure {
  if (tries > policy.retries) return { kind: 'giveUp' };
  const ms = fullJitter(tries, policy, random);
  return { kind: tries <= RETRIES_IN_PLACE && spentMs + ms <= MAX_PARTITION_WAIT_MS ? 'retry' : 'park', ms };
}

/**
 * Milliseconds until a partition that has waited `postponed` times in a row tries the database or the registry again.
 */
export function unavailableBackoff(postponed: number, random?: () => number): number {
  return 100 + fullJitter(postponed + 1, UNAVAILABLE_BACKOFF, random);
}

/**
 * Milliseconds until the next try of an event that was too slow. It waits because the holder of the lock needs time to
 * end.
 */
export function slowBackoff(tries: number, random?: () => number): number {
  return 1_000 + fullJitter(tries, { baseMs: 1_000, capMs: 30_000 }, random);
}
