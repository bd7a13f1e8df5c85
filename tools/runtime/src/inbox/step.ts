import { fullJitter } from '../time/fullJitter.ts';

/** Why a record gave up: its handler failed to the end, or its bytes are none of the type they are said to be. */
export type DeathReason = 'failed' | 'undecodable';

/** What a transaction made of a record: its effect, nothing as it had it before, or a place in a parked key's queue. */
export type Settled = 'applied' | 'duplicate' | 'queued';

export interface RecordState {
  readonly policy: RetryPolicy;
  /** Tries that failed. */
  readonly tries: number;
  /** How often the partition has waited for database or registry in a row. */
  readonly postponed: number;
}

export type RecordInput =
  | { readonly kind: 'rested' }
  | { readonly kind: 'settled'; readonly how: Settled }
  /** The handler threw, or returned what its contract doesn't allow. */
  | { readonly kind: 'failed'; readonly error: string }
  | { readonly kind: 'undecodable'; readonly error: string }
  /** Database or registry are out of reach: no fault of the record. */
  | { readonly kind: 'away' }
  /** The connection broke during COMMIT: it may have been kept. */
  | { readonly kind: 'unknown' }
  /** The partition has another owner. */
  | { readonly kind: 'fenced' }
  | { readonly kind: 'parked' }
  | { readonly kind: 'buried' };

export type RecordEffect =
  /** One transaction: inbox, handler, flush, fence. It starts with the inbox, so it may always be done again. */
  | { readonly kind: 'apply'; readonly attempt: number }
  | { readonly kind: 'rest'; readonly ms: number }
  | { readonly kind: 'park'; readonly ms: number; readonly tries: number; readonly error: string }
  | { readonly kind: 'bury'; readonly reason: DeathReason; readonly tries: number; readonly error: string }
  /** Leave the batch here and come back to this record: others need not wait. */
  | { readonly kind: 'postpone'; readonly ms: number }
  /** The offset may move on. */
  | { readonly kind: 'done'; readonly how: Settled | 'parked' | 'buried' }
  /** Leave the batch and join the group again. */
  | { readonly kind: 'leave' };

type Step = readonly [RecordState, RecordEffect];

const AWAY = { baseMs: 200, capMs: 5_000 } as const;

export function recordStart(policy: RetryPolicy, postponed: number): Step {
  return [
    { policy, tries: 0, postponed },
    { kind: 'apply', attempt: 1 },
  ];
}

/** One record on its way through a consumer. An effect's outcome is the next input; `done`, `postpone` and `leave` end it. */
export function recordStep(state: RecordState, input: RecordInput, random?: () => number): Step {
  switch (input.kind) {
    case 'rested':
    case 'unknown':
      return [state, { kind: 'apply', attempt: state.tries + 1 }];
    case 'settled':
      return [state, { kind: 'done', how: input.how }];
    case 'failed': {
      const tries = state.tries + 1;
      const failed = { ...state, tries };
      const next = verdict(tries, state.policy, random);
      if (next.kind === 'here') return [failed, { kind: 'rest', ms: next.ms }];
      if (next.kind === 'park') return [failed, { kind: 'park', ms: next.ms, tries, error: input.error }];
      return [failed, { kind: 'bury', reason: 'failed', tries, error: input.error }];
    }
    case 'undecodable':
      return [state, { kind: 'bury', reason: 'undecodable', tries: state.tries + 1, error: input.error }];
    case 'away':
      return [state, { kind: 'postpone', ms: 100 + fullJitter(state.postponed + 1, AWAY, random) }];
    case 'fenced':
      return [state, { kind: 'leave' }];
    case 'parked':
    case 'buried':
      return [state, { kind: 'done', how: input.kind }];
  }
}

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
