import { unavailableBackoff, type LastEffect } from '../step.ts';

/*
 * How the messages of a set are consumed: all in one transaction if that works, else in smaller and smaller parts. A
 * single message is then consumed like a record outside of sets. A failure of a part does not count as a try of its
 * messages.
 */

/** Messages from `from` to before `to`. */
export interface Part {
  readonly from: number;
  readonly to: number;
}

export interface SetState {
  /** What is not consumed yet, in order. The first part is being consumed. */
  readonly parts: readonly Part[];
  /** How often in a row the partition has waited for the database or the registry. */
  readonly postponed: number;
}

export type SetInput =
  | { readonly kind: 'committed' }
  /** The message `at` can't be decoded, at least not now. */
  | { readonly kind: 'notDecoded'; readonly at: number }
  /** The handler threw, or returned what its contract does not allow. */
  | { readonly kind: 'failed' }
  /** The part took too long, or waited too long for a lock. One of its messages may be at fault. */
  | { readonly kind: 'slow' }
  /** A deadlock or a serialization failure. */
  | { readonly kind: 'contended' }
  | { readonly kind: 'unavailable' }
  /** The connection broke during COMMIT, so the transaction may be committed or not. */
  | { readonly kind: 'commitUnknown' }
  /** The partition has another owner. */
  | { readonly kind: 'fenced' }
  /** How a single message ended. */
  | { readonly kind: 'ended'; readonly how: LastEffect };

/** The inputs after which a set is split. */
export const SPLITS = ['notDecoded', 'failed', 'slow', 'contended'] as const satisfies readonly SetInput['kind'][];

export type SetEffect =
  /** One transaction for at least two messages. It checks the inbox first, so it can always be repeated. */
  | { readonly kind: 'apply'; readonly part: Part }
  /** Consume a message like a record without sets. */
  | { readonly kind: 'single'; readonly at: number }
  | { readonly kind: 'done' }
  | Exclude<LastEffect, { kind: 'done' }>;

type Step = readonly [SetState, SetEffect];

export function setStart(messages: number, postponed: number): Step {
  return next({ parts: [{ from: 0, to: messages }], postponed });
}

/** Decides what happens next to a set. `done`, `postpone` and `leave` are the last effects. */
export function setStep(state: SetState, input: SetInput, random?: () => number): Step {
  const [part, ...others] = state.parts;
  if (!part) return [state, { kind: 'done' }];
  const instead = (...parts: readonly Part[]): Step => next({ ...state, parts: [...parts, ...others] });
  const { from, to } = part;
  switch (input.kind) {
    case 'committed':
      return instead();
    case 'notDecoded':
      return instead({ from, to: input.at }, { from: input.at, to: input.at + 1 }, { from: input.at + 1, to });
    case 'failed': {
      const middle = Math.floor((from + to) / 2);
      return instead({ from, to: middle }, { from: middle, to });
    }
    case 'slow':
    case 'contended':
      // each half would wait just as long again
      return instead(...Array.from({ length: to - from }, (_, n) => ({ from: from + n, to: from + n + 1 })));
    case 'commitUnknown':
      return [state, { kind: 'apply', part }];
    case 'unavailable':
      return [state, { kind: 'postpone', ms: unavailableBackoff(state.postponed, random) }];
    case 'fenced':
      return [state, { kind: 'leave' }];
    case 'ended':
      return input.how.kind === 'done' ? instead() : [state, input.how];
  }
}

function next(state: SetState): Step {
  const parts = state.parts.filter(({ from, to }) => to > from);
  const [part] = parts;
  const after = { ...state, parts };
  if (!part) return [after, { kind: 'done' }];
  return [after, part.to - part.from === 1 ? { kind: 'single', at: part.from } : { kind: 'apply', part }];
}
