import { parkedStep, waitStep, type ParkedInput } from '../inbox/parking/step.ts';
import type { DeathReason, RetryPolicy } from '../inbox/step.ts';

/*
 * Three decisions: when an instance looks for rows that are due, how it fires the rows that it has claimed
 * (`claimStep`), and what follows a try of a single row (`timerStep` for timers, `triedStep` for both timers and
 * effects).
 */

/** The longest time between two looks, in milliseconds. Other instances may set timers as well. */
export const POLL_MS = 1_000;
/** The shortest time, so that a due time in the past does not make a busy loop. */
const MIN_POLL_MS = 5;

/** Milliseconds until the next look, if a row is due or its claim ends in `nextMs`. Undefined if none waits. */
export function untilNextLook(nextMs: number | undefined): number {
  return Math.min(POLL_MS, Math.max(MIN_POLL_MS, nextMs ?? POLL_MS));
}

/** If a row has been due for longer than this, in seconds, the work has stopped. */
const LATE_S = 60;

/** Whether the work has stopped, given for how many seconds the oldest row has been due. */
export function standsStill(late: number): boolean {
  return late > LATE_S;
}

/** The most rows of one claim. */
export const CLAIMED_AT_ONCE = 500;
/** The most rows of one transaction. */
const IN_ONE_TRANSACTION = 100;
/** Fewer rows than this are fired one by one, so that they do not hold locks while others of them run. */
const TOO_FEW_TO_SHARE = 10;
/** How many timers with transactions of their own run at the same time. */
const SIDE_BY_SIDE = 4;

/**
 * For how long, in milliseconds, handlers of a claim may begin. The claim lasts for this time plus the time that one
 * handler may take. Otherwise, slow handlers that share a transaction would outlast it, and two instances could take
 * the rows from each other endlessly.
 */
export const BEGIN_MS = 5_000;

/** The progress of the rows of one claim. */
export interface ClaimState<Row> {
  /** Rows that have not begun, in the order in which they are due. */
  readonly left: readonly Row[];
  /** Rows to be fired one by one, before those in `left`. */
  readonly alone: readonly Row[];
  /** Rows that are under way in one transaction. */
  readonly together: readonly Row[];
  /** How many rows are under way in transactions of their own. */
  readonly running: number;
  /** From when on no handler begins, in milliseconds of monotonic time. */
  readonly until: number;
  readonly stopping: boolean;
}

export type ClaimInput =
  /** The shared transaction is committed with the first `count` of its rows. There was no time for the others. */
  | { readonly kind: 'shared'; readonly count: number; readonly now: number }
  /** The shared transaction is rolled back, or it is unknown whether it is committed. */
  | { readonly kind: 'notShared'; readonly now: number }
  /** The try of a single row has ended, and what follows is stored. */
  | { readonly kind: 'tried'; readonly now: number }
  /** May come at any time. */
  | { readonly kind: 'stop' };

export type ClaimEffect<Row> =
  /** Fire rows in one transaction, in their order. No handler begins from `until` on. */
  | { readonly kind: 'share'; readonly rows: readonly Row[]; readonly until: number }
  /** Fire a row in a transaction of its own, while others run. */
  | { readonly kind: 'try'; readonly row: Row }
  /** Give the claim back: its remaining rows are claimed again, here or on another instance. The last effect. */
  | { readonly kind: 'release' }
  /** The last effect. */
  | { readonly kind: 'end' };

type ClaimStep<Row> = readonly [ClaimState<Row>, readonly ClaimEffect<Row>[]];

/**
 * Starts with the rows of a claim. `askedAt` is the monotonic time before the claim, so that the claim ends here sooner
 * than in the database. Rows that were claimed right before a stop do not begin.
 */
export function claimStart<Row>(
  rows: readonly Row[],
  { askedAt, now, stopping }: { readonly askedAt: number; readonly now: number; readonly stopping: boolean },
): ClaimStep<Row> {
  return advanced({ left: rows, alone: [], together: [], running: 0, until: askedAt + BEGIN_MS, stopping }, now);
}

/**
 * Decides how claimed rows are fired. Many share transactions. If such a transaction fails, its rows are fired one by
 * one, so that a bad one does not keep the others from firing. The database knows which of them are done already.
 */
export function claimStep<Row>(state: ClaimState<Row>, input: ClaimInput): ClaimStep<Row> {
  const { left, together } = state;
  switch (input.kind) {
    case 'shared':
      return advanced({ ...state, left: [...together.slice(input.count), ...left], together: [] }, input.now);
    case 'notShared':
      return advanced({ ...state, alone: together, together: [] }, input.now);
    case 'tried':
      return advanced({ ...state, running: state.running - 1 }, input.now);
    case 'stop':
      return [{ ...state, stopping: true }, []];
  }
}

/** Begins the rows that may begin, or ends if none is under way. */
function advanced<Row>(state: ClaimState<Row>, now: number): ClaimStep<Row> {
  const { left, alone, together, running, until, stopping } = state;
  const begins = !stopping && now < until;
  if (begins && alone.length > 0) {
    const starting = alone.slice(0, SIDE_BY_SIDE - running);
    return [
      { ...state, alone: alone.slice(starting.length), running: running + starting.length },
      starting.map((row) => ({ kind: 'try', row })),
    ];
  }
  if (running > 0 || together.length > 0) return [state, []];
  if (left.length + alone.length === 0) return [state, [{ kind: 'end' }]];
  if (!begins) return [state, [{ kind: 'release' }]];
  if (left.length < TOO_FEW_TO_SHARE) return advanced({ ...state, left: [], alone: left }, now);
  const rows = left.slice(0, IN_ONE_TRANSACTION);
  return [{ ...state, left: left.slice(rows.length), together: rows }, [{ kind: 'share', rows, until }]];
}

/** A timer or an effect before a try. */
export interface DueHead {
  /** Failed tries. */
  readonly tries: number;
  /** For how many milliseconds it has been due. */
  readonly waitedMs: number;
  readonly retry: RetryPolicy & { readonly onDead: 'hold' | 'continue' };
}

/** What is known after a try, or after an effect that followed it. */
export type TriedInput =
  /** How the transaction ended. If it is committed, the row is removed. */
  | ParkedInput
  /** The row was cancelled or moved, or another claim has it. The transaction is rolled back. */
  | { readonly kind: 'gone' }
  /** The instance stops and has aborted the try. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'written' }
  /** The database did not answer, so the change may be stored or not. */
  | { readonly kind: 'notWritten' };

export type TriedEffect =
  /** Store that the row is due again in `ms` milliseconds, and give the claim back. */
  | { readonly kind: 'retryLater'; readonly tries: number; readonly ms: number; readonly error: string }
  /** In one transaction: write the dead letter, and remove or hold the row. A held row continues if it is set again. */
  | {
      readonly kind: 'giveUp';
      readonly row: 'hold' | 'remove';
      readonly reason: DeathReason;
      readonly tries: number;
      readonly error: string;
    }
  /**
   * The last effect. If the row is still there, its claim ends by itself, and the next instance that claims it tries it
   * again. After a commit of unknown outcome, the row is there only if nothing was committed.
   */
  | { readonly kind: 'end' };

export type TimerInput = { readonly kind: 'claimed' } | TriedInput;
export type TimerEffect = { readonly kind: 'fire' } | TriedEffect;

/** Decides what happens next to a timer that is fired alone. An effect's outcome is the next input. */
export function timerStep(head: DueHead, input: TimerInput, random?: () => number): TimerEffect {
  return input.kind === 'claimed' ? { kind: 'fire' } : triedStep(head, input, random);
}

/** Decides what follows a try of a timer or an effect. */
export function triedStep(head: DueHead, input: TriedInput, random?: () => number): TriedEffect {
  switch (input.kind) {
    case 'gone':
    case 'written':
    case 'notWritten':
      return { kind: 'end' };
    case 'stopped':
      // the try does not count
      return { kind: 'retryLater', tries: head.tries, ms: 0, error: 'aborted, because the instance stops' };
    case 'unknownSchema':
      // the writer stores the schema soon, or else a person must act: a late row makes the instance not ready
      return retryOf(waitStep(head, input.error));
    default: {
      const next = parkedStep(head, head.retry, input, random);
      if (next.kind === 'reschedule') return retryOf(next);
      if (next.kind !== 'deadLetter') return { kind: 'end' };
      const { reason, tries, error } = next;
      return { kind: 'giveUp', row: head.retry.onDead === 'hold' ? 'hold' : 'remove', reason, tries, error };
    }
  }
}

function retryOf({ tries, ms, error }: ReturnType<typeof waitStep>): TriedEffect {
  return { kind: 'retryLater', tries, ms, error };
}
