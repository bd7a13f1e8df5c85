import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConsumerWorld, POLICY, type Action, type Sent } from '../../test/messaging/model/consumerWorld.ts';
import { type RetryPolicy, recordStart, recordStep, type RecordEffect, type RecordInput } from './step.ts';

const member = fc.nat({ max: 1 });
const key = fc.constantFrom('x', 'y');
const outcome = fc.constantFrom('done' as const, 'done' as const, 'done' as const, 'lost' as const, 'failed' as const);
const failures = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 8 }) });
const poison = fc.nat({ max: 9 }).map((n) => n === 0);
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('send' as const), key, poison, failures }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('copy' as const), of: fc.nat({ max: 50 }) }) },
  { weight: 12, arbitrary: fc.record({ do: fc.constant('step' as const), member, outcome }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('retry' as const), member, key, outcome }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('crash' as const, 'assign' as const), member }) },
);

function ids(rows: readonly Sent[], of: string): readonly number[] {
  return rows.filter((row) => row.key === of).map(({ id }) => id);
}

function sorted(numbers: readonly number[]): readonly number[] {
  return numbers.toSorted((a, b) => a - b);
}

function run(actions: readonly Action[], onDead: 'hold' | 'continue', maxSet: number | undefined): ConsumerWorld {
  const world = new ConsumerWorld(2, onDead, maxSet);
  world.act({ do: 'assign', member: 0 });
  for (const one of actions) {
    world.act(one);
    checkEffects(world);
  }
  world.recover();
  checkEffects(world);
  return world;
}

function checkEffects({ tables }: ConsumerWorld): void {
  expect(new Set(tables.effects).size).toBe(tables.effects.length);
  expect(new Set(tables.dead).size).toBe(tables.dead.length);
  for (const of of ['x', 'y']) expect(ids(tables.effects, of)).toEqual(sorted(ids(tables.effects, of)));
}

describe.each([
  ['of single events', undefined],
  ['of sets', 5],
])('a consumer %s', (_form, maxSet) => {
  it('applies each event once, in order per key, or writes its dead letter, whatever breaks between transactions', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 150, size: 'max' }), (actions) => {
        const { log, tables } = run(actions, 'continue', maxSet);
        for (const sent of log) {
          const times = [tables.effects, tables.dead].map((rows) => rows.filter((row) => row === sent).length);
          expect(times).toEqual(sent.poison || tables.dead.includes(sent) ? [0, 1] : [1, 0]);
        }
        expect(tables.parked.size).toBe(0);
      }),
      { numRuns: 400 },
    );
  });

  it('applies no later event of a key that is held because of a dead event', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 150, size: 'max' }), (actions) => {
        const { log, tables } = run(actions, 'hold', maxSet);
        for (const [of, head] of tables.parked) {
          expect(head.held).toBe(true);
          const dead = Math.max(
            ...ids(
              tables.dead.filter(({ poison: bytes }) => !bytes),
              of,
            ),
          );
          expect(ids(tables.effects, of).every((id) => id < dead)).toBe(true);
          expect(ids(head.queue, of)).toEqual(
            sorted([...new Set(ids(log, of))].filter((id) => id > dead && !ids(tables.dead, of).includes(id))),
          );
        }
      }),
      { numRuns: 400 },
    );
  });
});

function effectsOf(policy: Partial<RetryPolicy>, ...inputs: RecordInput[]): readonly RecordEffect[] {
  let [state, effect] = recordStart({ ...POLICY, ...policy }, 0);
  const effects = [effect];
  for (const input of inputs) {
    [state, effect] = recordStep(state, input, () => 0.999);
    effects.push(effect);
  }
  return effects;
}

const failed = { kind: 'failed', error: 'no such seat', ms: 0 } as const;
const slept = { kind: 'slept' } as const;

describe('a record whose handler fails', () => {
  it('is retried twice in place, then its key is parked', () => {
    expect(effectsOf({ retries: 5 }, failed, slept, failed, slept, failed, { kind: 'parked' })).toEqual([
      { kind: 'apply', attempt: 1 },
      { kind: 'sleep', ms: 99 },
      { kind: 'apply', attempt: 2 },
      { kind: 'sleep', ms: 199 },
      { kind: 'apply', attempt: 3 },
      { kind: 'park', ms: 399, tries: 3, error: 'no such seat' },
      { kind: 'done', how: 'parked' },
    ]);
  });

  it('is parked at once if its policy asks for a longer wait than other keys should have', () => {
    expect(effectsOf({ retries: 5, baseMs: 60_000, capMs: 60_000 }, failed).at(-1)).toMatchObject({
      kind: 'park',
      tries: 1,
    });
  });

  it('is parked if its tries have kept the partition waiting for five seconds', () => {
    const spent = (ms: number): RecordInput => ({ ...failed, ms });
    expect(effectsOf({}, spent(4_900)).at(-1)).toMatchObject({ kind: 'sleep', ms: 99 });
    expect(effectsOf({}, spent(4_902)).at(-1)).toMatchObject({ kind: 'park', tries: 1 });
  });

  it('is given up at once if its policy has no retries', () => {
    expect(effectsOf({ retries: 0 }, failed).at(-1)).toEqual({
      kind: 'deadLetter',
      reason: 'failed',
      tries: 1,
      error: 'no such seat',
    });
  });
});

describe('a record', () => {
  it('that is slow has its key parked after the first try, whatever its policy says, and the try counts', () => {
    const slow = { kind: 'slow', error: 'locked' } as const;
    expect(effectsOf({ retries: 0 }, slow).at(-1)).toEqual({ kind: 'park', ms: 1_999, tries: 1, error: 'locked' });
  });

  it('that cannot be decoded is given up at once', () => {
    expect(effectsOf({ retries: 5 }, { kind: 'undecodable', error: 'short' }).at(-1)).toMatchObject({
      kind: 'deadLetter',
      reason: 'undecodable',
      tries: 1,
    });
  });

  it('whose schema the registry does not know has its key parked at once, and no try is counted', () => {
    const unknown = { kind: 'unknownSchema', error: 'no schema 7' } as const;
    expect(effectsOf({ retries: 0 }, unknown).at(-1)).toEqual({
      kind: 'park',
      ms: 1_000,
      tries: 0,
      error: 'no schema 7',
    });
  });

  it('waits for the database and the registry without using up its tries', () => {
    expect(effectsOf({ retries: 0 }, { kind: 'unavailable' }).at(-1)).toMatchObject({ kind: 'postpone' });
  });

  it('is looked up in the inbox again after a commit of unknown outcome', () => {
    expect(effectsOf({ retries: 0 }, { kind: 'commitUnknown' }).at(-1)).toEqual({ kind: 'apply', attempt: 1 });
  });

  it('is left alone if its partition has another owner', () => {
    expect(effectsOf({ retries: 5 }, { kind: 'fenced' }).at(-1)).toEqual({ kind: 'leave' });
  });
});
