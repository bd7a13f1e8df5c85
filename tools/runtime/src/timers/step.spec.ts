import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LaterWorld, RETRY, type Action } from '../../test/timers/model/laterWorld.ts';
import type { Asked, Trouble } from '../../test/timers/model/laterTables.ts';
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

const KEYS = Array.from({ length: 12 }, (_, index) => `k${index}`);

const instance = fc.nat({ max: 1 });
const key = fc.constantFrom(...KEYS.slice(0, 3));
const ms = fc.constantFrom(0, 50, 900, 6_000, 16_000, 40_000);
const outcome = fc.oneof(
  { weight: 4, arbitrary: fc.constant('done' as const) },
  { weight: 3, arbitrary: fc.constantFrom('lost' as const, 'failed' as const, 'unknown' as const) },
);
const trouble: fc.Arbitrary<Trouble> = fc.record({
  kind: fc.constantFrom('failed' as const, 'failed' as const, 'slow' as const, 'undecodable' as const),
  times: fc.constantFrom(0, 0, 0, 0, 1, 2, 3, 5, Infinity),
});
const then = fc.constantFrom('nothing' as const, 'nothing' as const, 'again' as const, 'start' as const);
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('set' as const), key, inMs: ms, trouble, then }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('setMany' as const), keys: fc.constant(KEYS) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), key }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('start' as const), key, trouble }) },
  {
    weight: 24,
    arbitrary: fc.record({
      do: fc.constant('step' as const),
      instance,
      pick: fc.nat({ max: 20 }),
      outcome,
      count: fc.constantFrom(1, 5, 100),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('crash' as const, 'stop' as const), instance }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('pass' as const), ms }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('jump' as const), ms: fc.integer({ min: -60_000, max: 60_000 }) }),
  },
);

/**
 * The world throws if something is done twice, after it was cancelled or before it is due, or if it is given up too
 * early.
 */
function run(actions: readonly Action[], onDead: 'hold' | 'continue'): LaterWorld {
  const world = new LaterWorld(2, onDead);
  for (const one of actions) world.act(one);
  world.recover();
  return world;
}

/** Whether it was done, or given up with a dead letter. Timers may also be cancelled or moved. */
function hasEnded({ kind, id, became, letters }: Asked, outside: ReadonlySet<number>): boolean {
  if (became === 'dead') return kind === 'timer' ? letters === 1 : letters > 0;
  if (kind === 'timer') return became !== 'open' && letters === 0;
  return became === 'done' && outside.has(id);
}

describe.each(['hold', 'continue'] as const)('timers and effects with onDead: %s', (onDead) => {
  it('are done once or have a dead letter, whatever breaks between their steps, and none is forgotten', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 200, size: 'max' }), (actions) => {
        const { tables, outside } = run(actions, onDead);
        expect(tables.asked.filter((one) => !hasEnded(one, outside))).toEqual([]);
        const held = [...tables.rows.values()].filter((row) => row.held && row.asked.became === 'dead');
        expect(held).toHaveLength(onDead === 'hold' ? tables.rows.size : 0);
      }),
      { numRuns: 400 },
    );
  });
});

/** Runs the steps of a claim on the given inputs. Returns the effects that they ask for, in order. */
function effectsOf(rows: number, ...inputs: ClaimInput[]): readonly ClaimEffect<number>[] {
  let [state, effects] = claimStart(
    Array.from({ length: rows }, (_, index) => index),
    { askedAt: 0, now: 0, stopping: false },
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

  it('are fired one by one if their shared transaction failed, then the others share again', () => {
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
    expect(claimStart([1], { askedAt: 0, now: 0, stopping: true })[1]).toEqual([{ kind: 'release' }]);
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

  it('whose payload cannot be decoded is given up at once', () => {
    expect(next(0, { kind: 'undecodable', error: 'short' })).toMatchObject({ kind: 'giveUp', reason: 'undecodable' });
  });

  it.each<[string, TimerInput]>([
    ['it is unknown whether it is committed', { kind: 'unclear' }],
    ['it was cancelled or moved', { kind: 'gone' }],
    ['it is unknown whether its retry is stored', { kind: 'notWritten' }],
    ['its retry is stored', { kind: 'written' }],
  ])('is left as it is if %s', (_, input) => {
    expect(next(2, input)).toEqual({ kind: 'end' });
  });

  it.each<[string, TimerInput]>([
    ['the database is unavailable', { kind: 'unavailable', error: 'no answer' }],
    ['the schema of its payload is not stored', { kind: 'unknownSchema', error: 'no answer' }],
  ])('is tried again without counting a try while %s', (_, input) => {
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
  it('comes when the next row is due, but within a second, and never at once', () => {
    expect([undefined, 5_000, 300, 0, -10].map(untilNextLook)).toEqual([1_000, 1_000, 300, 5, 5]);
  });
});

describe('work', () => {
  it('has stopped if something has been due for more than a minute', () => {
    expect([0, 60, 61].map(standsStill)).toEqual([false, false, true]);
  });
});
