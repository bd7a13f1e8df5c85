import { describe, expect, it } from 'vitest';
import {
  BEGIN_MS,
  claimStart,
  claimStep,
  standsStill,
  timerStep,
  untilNextLook,
  type ClaimEffect,
  type ClaimInput,
  type TimerInput,
} from './step.ts';

const RETRY = { retries: 2, baseMs: 100, capMs: 1_000 } as const;

/** Runs the steps of a claim on given inputs. All the effects that they ask for, in order. */
function effectsOf(rows: number, ...inputs: ClaimInput[]): readonly ClaimEffect<number>[] {
  let [state, effects] = claimStart(
    Array.from({ length: rows }, (_, index) => index),
    0,
    0,
  );
  const all = [...effects];
  for (const input of inputs) {
    [state, effects] = claimStep(state, input);
    all.push(...effects);
  }
  return all;
}

const until = BEGIN_MS;
const tried = { kind: 'tried', now: 1 } as const;
const share = (from: number, to: number) => ({
  kind: 'share',
  rows: Array.from({ length: to - from }, (_, index) => from + index),
  until,
});

describe('the rows of a claim', () => {
  it('are fired four at a time if they are few', () => {
    const six = [0, 1, 2, 3, 4, 5].map((row) => ({ kind: 'try', row }));
    expect(effectsOf(6)).toEqual(six.slice(0, 4));
    expect(effectsOf(6, tried, tried)).toEqual(six);
    expect(effectsOf(6, tried, tried, tried, tried, tried)).toEqual(six);
    expect(effectsOf(6, tried, tried, tried, tried, tried, tried)).toEqual([...six, { kind: 'end' }]);
  });

  it('share transactions of a hundred if they are many', () => {
    const shared = { kind: 'shared', count: 100, now: 1 } as const;
    expect(effectsOf(250, shared, shared, { ...shared, count: 50 })).toEqual([
      share(0, 100),
      share(100, 200),
      share(200, 250),
      { kind: 'end' },
    ]);
  });

  it('are fired one by one after a shared transaction that failed, then the others share again', () => {
    const effects = effectsOf(120, { kind: 'notShared', now: 1 }, ...Array.from({ length: 100 }, () => tried));
    expect(effects.slice(1, 101)).toEqual(Array.from({ length: 100 }, (_, row) => ({ kind: 'try', row })));
    expect(effects.slice(101)).toEqual([share(100, 120)]);
  });

  it('are given back when the time of the claim is up, so that no handler outlasts it', () => {
    const late = { kind: 'shared', count: 7, now: until } as const;
    expect(effectsOf(20, late)).toEqual([share(0, 20), { kind: 'release' }]);
    expect(effectsOf(20, { ...late, now: until - 1 })).toEqual([share(0, 20), share(7, 20)]);
    const notShared = { kind: 'notShared', now: 1 } as const;
    expect(effectsOf(20, notShared, ...[tried, tried, tried, tried].map((one) => ({ ...one, now: until })))).toEqual([
      share(0, 20),
      ...[0, 1, 2, 3].map((row) => ({ kind: 'try', row })),
      { kind: 'release' },
    ]);
  });

  it('are given back at the stop, once those under way have ended', () => {
    const stop = { kind: 'stop' } as const;
    expect(effectsOf(120, stop)).toEqual([share(0, 100)]);
    expect(effectsOf(120, stop, { kind: 'shared', count: 100, now: 1 })).toEqual([share(0, 100), { kind: 'release' }]);
    expect(effectsOf(2, stop, tried)).toHaveLength(2);
    expect(effectsOf(2, stop, tried, tried).at(-1)).toEqual({ kind: 'end' });
  });
});

const next = (tries: number, input: TimerInput, over: { waitedMs?: number; onDead?: 'continue' } = {}) =>
  timerStep(
    { tries, waitedMs: over.waitedMs ?? 0, retry: { ...RETRY, onDead: over.onDead ?? 'hold' } },
    input,
    () => 0.999,
  );
const failed = { kind: 'failed', error: 'no paper' } as const;

describe('a timer that is claimed', () => {
  it('is fired, and needs nothing more once that is committed', () => {
    expect(next(2, { kind: 'claimed' })).toEqual({ kind: 'fire' });
    expect(next(2, { kind: 'committed' })).toEqual({ kind: 'end' });
  });

  it('that fails is tried again after longer and longer waits, then given up', () => {
    expect(next(0, failed)).toEqual({ kind: 'retryLater', tries: 1, ms: 99, error: 'no paper' });
    expect(next(1, failed)).toEqual({ kind: 'retryLater', tries: 2, ms: 199, error: 'no paper' });
    const given = { kind: 'giveUp', reason: 'failed', tries: 3, error: 'no paper' };
    expect(next(2, failed)).toEqual({ ...given, row: 'hold' });
    expect(next(2, failed, { onDead: 'continue' })).toEqual({ ...given, row: 'remove' });
  });

  it('whose payload can not be decoded is given up at once', () => {
    expect(next(0, { kind: 'undecodable', error: 'short' })).toMatchObject({ kind: 'giveUp', reason: 'undecodable' });
  });

  it.each<[string, TimerInput]>([
    ['nobody knows whether it is committed', { kind: 'unclear' }],
    ['it was cancelled or moved', { kind: 'gone' }],
    ['nobody knows whether its retry is written down', { kind: 'notWritten' }],
    ['its retry is written down', { kind: 'written' }],
  ])('is left as it is if %s', (_, input) => {
    expect(next(2, input)).toEqual({ kind: 'end' });
  });

  it.each<[string, TimerInput]>([
    ['the database is unavailable', { kind: 'unavailable', error: 'no answer' }],
    ['the schema of its payload is not stored', { kind: 'unknownSchema', error: 'no answer' }],
  ])('is tried again without a try being counted while %s', (_, input) => {
    expect(next(2, input, { waitedMs: 60_000 })).toEqual({
      kind: 'retryLater',
      tries: 2,
      ms: 15_000,
      error: 'no answer',
    });
  });

  it('is due again at once if its instance stops', () => {
    expect(next(2, { kind: 'stopped' })).toMatchObject({ kind: 'retryLater', tries: 2, ms: 0 });
  });
});

describe('the next look for what is due', () => {
  it('is when the next row is due, at most a second away, and never at once', () => {
    expect([undefined, 5_000, 300, 0, -10].map(untilNextLook)).toEqual([1_000, 1_000, 300, 5, 5]);
  });
});

describe('work', () => {
  it('stands still if something is due for more than a minute', () => {
    expect([0, 60, 61].map(standsStill)).toEqual([false, false, true]);
  });
});
