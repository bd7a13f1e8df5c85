import { parkedStep, waitStep, type ParkedInput } from '../inbox/parking/step.ts';
import type { DeathReason, RetryPolicy } from '../inbox/step.ts';

/*
 * Three decisions: when an instance looks for what is due, how it fires what it has claimed (`claimStep`), and what
 * follows a try of a single row (`timerStep`; effects have the same, but for the work itself).
 */

/** The longest time between two looks, in milliseconds: other instances set timers as well. */
export const POLL_MS = 1_000;
/** The shortest one, so that a time in the past does not make a busy loop. */
const MIN_POLL_MS = 5;

/** Milliseconds until the next look, if a row is due or its claim ends in `nextMs`. Undefined if none waits. */
export function untilNextLook(nextMs: number | undefined): number {
  return Math.min(POLL_MS, Math.max(MIN_POLL_MS, nextMs ?? POLL_MS));
}

/** What is due for longer than this, in seconds, stands still. */
const LATE_S = 60;

/** Whether work stands still, because the oldest row is due for so many seconds. */
export function standsStill(late: number): boolean {
  return late > LATE_S;
}

/** Rows of one claim. */
export const CLAIMED_AT_ONCE = 500;
/** Rows of one transaction. */
const IN_ONE_TRANSACTION = 100;
/** Fewer than that are fired one by one: they hold no locks for each other then. */
const TOO_FEW_TO_SHARE = 10;
/** Timers that are fired one by one at the same time. */
const SIDE_BY_SIDE = 4;

/**
 * For how long, in milliseconds, handlers of a claim may begin. The claim lasts that long and as long as one handler
 * may take. Otherwise, slow handlers that share a transaction would outlast it, and two instances would take the rows
 * from each other without end.
 */
export const BEGIN_MS = 5_000;

/** The rows of one claim on their way. */
export interface ClaimState<Row> {
  /** Not begun, in the order in which they are due. */
  readonly left: readonly Row[];
  /** To be fired one by one, before those that are left. */
  readonly alone: readonly Row[];
  /** Under way in one transaction. */
  readonly together: readonly Row[];
  /** How many are under way one by one. */
  readonly running: number;
  /** No handler begins from then on, in milliseconds of monotonic time. */
  readonly until: number;
  readonly stopping: boolean;
}

export type ClaimInput =
  /** The shared transaction is committed, with the first `count` of its rows. For the others there was no time. */
  | { readonly kind: 'shared'; readonly count: number; readonly now: number }
  /** The shared transaction is rolled back, or nobody knows whether it is committed. */
  | { readonly kind: 'notShared'; readonly now: number }
  /** The try of a single row has ended, and what follows it is written down. */
  | { readonly kind: 'tried'; readonly now: number }
  /** May come at any time. */
  | { readonly kind: 'stop' };

export type ClaimEffect<Row> =
  /** Fire rows in one transaction, in their order. No handler begins from `until` on. */
  | { readonly kind: 'share'; readonly rows: readonly Row[]; readonly until: number }
  /** Fire a row in a transaction of its own, while others run. */
  | { readonly kind: 'try'; readonly row: Row }
  /** Give the claim back: what is left is claimed again, here or elsewhere. The last effect. */
  | { readonly kind: 'release' }
  /** The last effect. */
  | { readonly kind: 'end' };

type ClaimStep<Row> = readonly [ClaimState<Row>, readonly ClaimEffect<Row>[]];

/**
 * `askedAt` is the monotonic time before the claim, so that it ends here sooner than in the database. What was claimed
 * right before the stop does not begin.
 */
export function claimStart<Row>(
  rows: readonly Row[],
  { askedAt, now, stopping }: { readonly askedAt: number; readonly now: number; readonly stopping: boolean },
): ClaimStep<Row> {
  return advanced({ left: rows, alone: [], together: [], running: 0, until: askedAt + BEGIN_MS, stopping }, now);
}

/**
 * Decides how claimed rows are fired. Many share transactions. If one of those fails, its rows are fired one by one, so
 * that a bad one does not keep the others from firing, and the database says which of them are done already.
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

/** Begins what may begin, or ends if nothing is under way any more. */
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
  /** How the transaction ended. If it is committed, the row left the table with it. */
  | ParkedInput
  /** The row was cancelled or moved, or another claim has it. The transaction is rolled back. */
  | { readonly kind: 'gone' }
  /** The instance stops and has aborted the try. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'written' }
  /** The database did not answer: it may be written or not. */
  | { readonly kind: 'notWritten' };

export type TriedEffect =
  /** Write down that the row is due again in `ms` milliseconds, and give the claim back. */
  | { readonly kind: 'retryLater'; readonly tries: number; readonly ms: number; readonly error: string }
  /** In one transaction: the dead letter, and the row's end. A row that is held goes on if it is set again. */
  | {
      readonly kind: 'giveUp';
      readonly row: 'hold' | 'remove';
      readonly reason: DeathReason;
      readonly tries: number;
      readonly error: string;
    }
  /**
   * The last effect. If the row is still there, its claim ends by itself, and whoever claims it next tries it again:
   * after a commit of unknown outcome, the row is there if nothing was committed.
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
      // its writer stores the schema soon, or a person has to look: what is late makes the instance not ready
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
