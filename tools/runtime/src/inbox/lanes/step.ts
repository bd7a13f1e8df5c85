/*
 * The records of a batch in lanes: one lane per key. Records of one lane run one after the other in the order of their
 * offsets. Lanes run side by side.
 */

export interface LanesState {
  /** By record: the record that waits for it, because it is the next one of its key. */
  readonly after: ReadonlyMap<number, number>;
  /** Records that wait for no other, in order. */
  readonly ready: readonly number[];
  readonly running: ReadonlySet<number>;
  /** Records that are done, although one before them is not. */
  readonly ahead: ReadonlySet<number>;
  /** All records before this one are done. */
  readonly next: number;
  readonly records: number;
  /** The most records that run at a time. */
  readonly limit: number;
  /** Why no more records start. The first reason counts, but `left` replaces any other. */
  readonly ending: LanesEnd | undefined;
}

/** How a batch ends. Its records from `next` on come again, and the inbox knows which of them are done. */
export type LanesEnd =
  | { readonly kind: 'finished' }
  /** A record waits for the database or the registry, and so does its partition. */
  | { readonly kind: 'postponed'; readonly ms: number }
  /** The partition has another owner. */
  | { readonly kind: 'left' }
  /** The consumer stops, or the batch is stale. */
  | { readonly kind: 'stopped' };

export type LanesInput =
  | { readonly kind: 'done'; readonly record: number }
  | { readonly kind: 'notDone'; readonly record: number; readonly why: Exclude<LanesEnd, { kind: 'finished' }> }
  /** No more records may start. */
  | { readonly kind: 'stop' };

export type LanesEffect =
  | { readonly kind: 'run'; readonly record: number }
  /** This record and all before it are done. */
  | { readonly kind: 'resolve'; readonly record: number }
  /** The last effect. No record runs any more. */
  | { readonly kind: 'end'; readonly how: LanesEnd };

type Step = readonly [LanesState, readonly LanesEffect[]];

/** Starts the first records. `keys` are the keys of the records, in the order of their offsets. */
export function lanesStart(keys: readonly string[], limit: number): Step {
  const last = new Map<string, number>();
  const after = new Map<number, number>();
  const ready: number[] = [];
  for (const [record, key] of keys.entries()) {
    const before = last.get(key);
    if (before === undefined) ready.push(record);
    else after.set(before, record);
    last.set(key, record);
  }
  return advanced({
    after,
    ready,
    running: new Set(),
    ahead: new Set(),
    next: 0,
    records: keys.length,
    limit,
    ending: undefined,
  });
}

/**
 * Decides what happens next in a batch whose records run in lanes. As soon as one ends without being done, no other
 * starts, but those that run may end.
 */
export function lanesStep(state: LanesState, input: LanesInput): Step {
  switch (input.kind) {
    case 'stop':
      return advanced({ ...state, ending: state.ending ?? { kind: 'stopped' } });
    case 'notDone': {
      const { kind } = input.why;
      const ending = kind === 'left' ? input.why : (state.ending ?? input.why);
      return advanced({ ...state, running: without(state.running, input.record), ending });
    }
    case 'done': {
      const { record } = input;
      const ahead = new Set(state.ahead).add(record);
      let { next } = state;
      while (ahead.delete(next)) next += 1;
      const follower = state.after.get(record);
      const ready = follower === undefined ? state.ready : inserted(state.ready, follower);
      const resolved: readonly LanesEffect[] = next > state.next ? [{ kind: 'resolve', record: next - 1 }] : [];
      const [after, effects] = advanced({ ...state, running: without(state.running, record), ahead, next, ready });
      return [after, [...resolved, ...effects]];
    }
  }
}

/** Starts the records that may start, or ends if none is running. */
function advanced(state: LanesState): Step {
  const free = state.ending ? 0 : Math.min(state.limit - state.running.size, state.ready.length);
  const starting = state.ready.slice(0, free);
  const running = new Set([...state.running, ...starting]);
  const after: LanesState = { ...state, running, ready: state.ready.slice(free) };
  if (running.size > 0) return [after, starting.map((record) => ({ kind: 'run', record }))];
  return [after, [{ kind: 'end', how: state.ending ?? { kind: 'finished' } }]];
}

function without(records: ReadonlySet<number>, record: number): ReadonlySet<number> {
  const left = new Set(records);
  left.delete(record);
  return left;
}

/** The records and one more, in order. */
function inserted(records: readonly number[], record: number): readonly number[] {
  const at = records.findIndex((other) => other > record);
  return at === -1 ? [...records, record] : records.toSpliced(at, 0, record);
}
