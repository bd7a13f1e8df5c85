import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lanesStart, lanesStep, type LanesEffect, type LanesEnd, type LanesInput, type LanesState } from './step.ts';

/** What happened in a run of the batch. */
interface Seen {
  readonly started: number[];
  readonly done: number[];
  readonly resolved: number[];
  /** After each step: how many records were running. */
  readonly together: number[];
  /** What must not happen: a record starts beside another of its key, after the end, or after the batch was stopped. */
  readonly faults: string[];
  end: LanesEnd | undefined;
}

/** The next thing that happens: `pick` chooses one of the running records. */
interface Turn {
  readonly pick: number;
  readonly what: 'done' | 'postponed' | 'left' | 'stop';
}

const PLENTY = 500;

/** Runs a batch, with the records ending in the order of `turns`. Later turns are `done`. */
function run(keys: readonly string[], limit: number, turns: readonly Turn[]): Seen {
  const seen: Seen = { started: [], done: [], resolved: [], together: [], faults: [], end: undefined };
  const running: number[] = [];
  let mayStart = true;
  let [state, effects]: readonly [LanesState, readonly LanesEffect[]] = lanesStart(keys, limit);
  for (let turn = 0; turn < PLENTY; turn++) {
    for (const effect of effects) {
      if (seen.end) seen.faults.push(`${effect.kind} after the end`);
      if (effect.kind === 'end') seen.end = effect.how;
      else if (effect.kind === 'resolve') seen.resolved.push(effect.record);
      else {
        if (!mayStart) seen.faults.push(`${effect.record} starts late`);
        if (running.some((record) => keys[record] === keys[effect.record]))
          seen.faults.push(`${effect.record} starts beside its key`);
        running.push(effect.record);
        seen.started.push(effect.record);
      }
    }
    seen.together.push(running.length);
    if (seen.end) return seen;
    const { pick, what } = turns[turn] ?? { pick: 0, what: 'done' };
    mayStart &&= what === 'done';
    [state, effects] = lanesStep(state, inputOf(what, pick, running, seen));
  }
  throw new Error('the batch does not end');
}

function inputOf(what: Turn['what'], pick: number, running: number[], seen: Seen): LanesInput {
  if (what === 'stop') return { kind: 'stop' };
  const [record = -1] = running.splice(pick % running.length, 1);
  if (what === 'left') return { kind: 'notDone', record, why: { kind: 'left' } };
  if (what === 'postponed') return { kind: 'notDone', record, why: { kind: 'postponed', ms: record } };
  seen.done.push(record);
  return { kind: 'done', record };
}

const keys = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 });
const limit = fc.integer({ min: 1, max: 6 });
const pick = fc.nat({ max: 5 });
const well = fc.array(fc.record({ pick, what: fc.constant('done' as const) }), { maxLength: 40 });
const badly = fc.array(
  fc.record({ pick, what: fc.constantFrom('done', 'done', 'done', 'done', 'postponed', 'left', 'stop') }),
  { maxLength: 40 },
);

/** The records of a key, in the order of the list. */
function ofKey(records: readonly number[], all: readonly string[], key: string): readonly number[] {
  return records.filter((record) => all[record] === key);
}

function sorted(records: readonly number[]): readonly number[] {
  return records.toSorted((a, b) => a - b);
}

describe('a batch in lanes', () => {
  it('runs each record once, those of a key in order, and at most so many at a time', () => {
    fc.assert(
      fc.property(keys, limit, well, (all, most, turns) => {
        const { started, resolved, together, faults, end } = run(all, most, turns);
        expect(faults).toEqual([]);
        expect(sorted(started)).toEqual(all.map((_, record) => record));
        for (const key of new Set(all)) expect(ofKey(started, all, key)).toEqual(sorted(ofKey(started, all, key)));
        expect(Math.max(0, ...together)).toBeLessThanOrEqual(most);
        expect(end).toEqual({ kind: 'finished' });
        expect(resolved.at(-1)).toBe(all.length === 0 ? undefined : all.length - 1);
      }),
    );
  });

  it('resolves a record only when all before it are done, whatever happens to the others', () => {
    fc.assert(
      fc.property(keys, limit, badly, (all, most, turns) => {
        const { done, resolved } = run(all, most, turns);
        expect(resolved).toEqual(sorted(resolved));
        const last = resolved.at(-1) ?? -1;
        for (let record = 0; record <= last; record++) expect(done).toContain(record);
        expect(done).not.toContain(last + 1);
      }),
    );
  });

  it('starts no record after one that is not done, and ends when none is running', () => {
    fc.assert(
      fc.property(keys, limit, badly, (all, most, turns) => {
        const { started, done, together, faults, end } = run(all, most, turns);
        expect(faults).toEqual([]);
        expect(together.at(-1)).toBe(0);
        expect(end?.kind !== 'finished' || done.length === all.length).toBe(true);
        // without a gap, each key has run as far as its first record that was not done
        for (const key of new Set(all)) {
          const lane = ofKey(started, all, key);
          expect(lane).toEqual(ofKey([...all.keys()], all, key).slice(0, lane.length));
        }
      }),
    );
  });

  it('leaves no slot idle while a record may start', () => {
    const { together } = run(['a', 'a', 'b', 'c', 'a', 'd'], 3, []);
    expect(together).toEqual([3, 3, 3, 2, 2, 1, 0]);
  });
});

describe('the end of a batch in lanes', () => {
  const after = (...turns: Turn[]): LanesEnd | undefined => run(['a', 'b', 'c', 'd'], 3, turns).end;

  it('is the first reason why a record was not done', () => {
    expect(after({ pick: 1, what: 'postponed' }, { pick: 0, what: 'postponed' })).toEqual({ kind: 'postponed', ms: 1 });
    expect(after({ pick: 0, what: 'stop' }, { pick: 0, what: 'postponed' })).toEqual({ kind: 'stopped' });
  });

  it('is that the partition has another owner, if one record has found that out', () => {
    expect(after({ pick: 0, what: 'postponed' }, { pick: 0, what: 'left' })).toEqual({ kind: 'left' });
  });
});
