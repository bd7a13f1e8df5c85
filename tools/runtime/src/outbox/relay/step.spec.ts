import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RelayWorld, type Action, type Row } from '../../../test/messaging/model/relayWorld.ts';
import { relayStart, relayStep } from './step.ts';
import type { RelayEffect, RelayInput, RelayState } from './state.ts';

const relay = fc.nat({ max: 1 });
const topic = fc.constantFrom('a', 'b');
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('commit' as const),
      topic,
      key: fc.constantFrom('x', 'y', undefined),
      late: fc.boolean(),
      poison: fc.nat({ max: 9 }).map((n) => n === 0),
      schema: fc.constantFrom('s', 't', undefined),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('step' as const),
      relay,
      outcome: fc.constantFrom('done' as const, 'done' as const, 'done' as const, 'lost' as const, 'failed' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), relay }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lead' as const), relay }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('forbid' as const, 'allow' as const), topic }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('unregister' as const, 'register' as const),
      schema: fc.constantFrom('s', 't'),
    }),
  },
);

/** First occurrences. Later ones are copies, which consumers drop. */
function firsts(log: readonly Row[]): readonly Row[] {
  return [...new Set(log)];
}

function ofKey(rows: readonly Row[], { topic, key }: Row): readonly Row[] {
  return rows.filter((row) => row.topic === topic && row.key === key);
}

function checkOrder(world: RelayWorld): void {
  const log = firsts(world.log);
  for (const row of log.filter(({ key }) => key !== undefined)) {
    const ids = ofKey(log, row).map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted((a, b) => Number(a - b)));
    // no gap: every earlier row of its key was sent before it
    const earlier = ofKey(world.committed, row).filter(({ id }) => id < row.id);
    expect(earlier.every((one) => log.indexOf(one) !== -1 && log.indexOf(one) < log.indexOf(row))).toBe(true);
  }
}

describe('the relay', () => {
  it('loses nothing and keeps the order of each key, whatever breaks between its effects', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 150, size: 'max' }), (actions) => {
        const world = new RelayWorld(2);
        world.act({ do: 'lead', relay: 0 });
        for (const one of actions) world.act(one);
        checkOrder(world);
        world.recover();
        checkOrder(world);
        const held = world.dead.filter(({ key }) => key !== undefined);
        for (const row of world.committed) {
          const waits = held.some((dead) => dead.topic === row.topic && dead.key === row.key && dead.id < row.id);
          const where = [world.log, world.dead, world.outbox].map((rows) => rows.includes(row));
          expect(where).toEqual(
            row.poison && !waits ? [false, true, false] : waits ? [false, false, true] : [true, false, false],
          );
        }
      }),
      { numRuns: 400 },
    );
  });
});

/** Runs the steps on the given inputs. Returns the effects that they ask for, in order. */
function effectsOf(...inputs: RelayInput<Row>[]): readonly (RelayEffect<Row> | undefined)[] {
  let [state, [effect]] = relayStart<Row>();
  const effects = [effect];
  for (const input of inputs) {
    [state, [effect]] = relayStep<Row>(state, input, () => 1);
    effects.push(effect);
  }
  return effects;
}

const NO_TROUBLE = { topics: new Map<string, never>(), schemas: new Map<string, never>() };
const leads: RelayInput<Row> = { kind: 'slept', now: 0, leads: true };
const row = (id: bigint, more: Partial<Row> = {}): Row => ({
  id,
  topic: 'a',
  key: 'x',
  partition: 0,
  bytes: 1_000,
  schema: undefined,
  shortenable: false,
  poison: false,
  ...more,
});
const claimedAt = (now: number, ...rows: Row[]): RelayInput<Row> => ({
  kind: 'claimed',
  now,
  rows,
  trouble: NO_TROUBLE,
});
const claimed = (...rows: Row[]): RelayInput<Row> => claimedAt(0, ...rows);
const refused: RelayInput<Row> = { kind: 'refused', now: 0, about: 'record', reason: 'too large' };

describe('a batch', () => {
  it('is one send over all topics and one delete', () => {
    const rows = [row(1n), row(2n, { topic: 'b' })];
    expect(effectsOf(leads, claimed(...rows), { kind: 'sent' }, { kind: 'deleted' }).slice(2)).toEqual([
      { kind: 'send', rows },
      { kind: 'delete', rows },
      { kind: 'sleep', ms: 5, wakeable: true },
    ]);
  });

  it('is cut before a partition would get more than a record batch may hold', () => {
    const rows = [row(1n, { bytes: 600_000 }), row(2n, { bytes: 600_000 }), row(3n, { bytes: 600_000, partition: 1 })];
    expect(effectsOf(leads, claimed(...rows), { kind: 'sent' }, { kind: 'sent' }).slice(2)).toEqual([
      { kind: 'send', rows: rows.slice(0, 1) },
      { kind: 'send', rows: rows.slice(1) },
      { kind: 'delete', rows },
    ]);
  });

  it('that the broker refuses is split by topic, then by row; the bad row is marked dead and its key waits', () => {
    const [bad, behind, other, foreign] = [row(1n), row(2n), row(3n, { key: 'y' }), row(4n, { topic: 'b' })];
    const effects = effectsOf(
      leads,
      claimed(bad, behind, other, foreign),
      refused,
      refused,
      refused,
      { kind: 'markedDead' },
      { kind: 'sent' },
      { kind: 'sent' },
    );
    expect(effects.slice(3)).toEqual([
      { kind: 'send', rows: [bad, behind, other] },
      { kind: 'send', rows: [bad] },
      { kind: 'markDead', row: bad, reason: 'too large' },
      { kind: 'send', rows: [other] },
      { kind: 'send', rows: [foreign] },
      { kind: 'delete', rows: [other, foreign] },
    ]);
  });

  it('leaves out a topic that cannot be written for a while, and claims the others', () => {
    const noTopic: RelayInput<Row> = { ...refused, about: 'topic', reason: 'no such topic' };
    const effects = effectsOf(leads, claimed(row(1n)), noTopic, leads, claimed(), {
      kind: 'slept',
      now: 1_000,
      leads: true,
    });
    expect(effects.flatMap((effect) => (effect?.kind === 'claim' ? [effect.exceptTopics] : []))).toEqual([
      [],
      ['a'],
      [],
    ]);
  });

  it('leaves out a topic that the claim has found in trouble', () => {
    const trouble = { ...NO_TROUBLE, topics: new Map([['a', { reason: 'no such topic', lasting: true }]]) };
    const other = row(2n, { topic: 'b' });
    expect(effectsOf(leads, { kind: 'claimed', now: 0, rows: [row(1n), other], trouble }).at(-1)).toEqual({
      kind: 'send',
      rows: [other],
    });
  });

  it('leaves out the rows of a schema in trouble and later rows of their keys, and sends what came before', () => {
    const schemas = new Map([['new', { reason: 'not registered', lasting: true }]]);
    const rows = [
      row(1n),
      row(2n, { schema: 'new' }),
      row(3n),
      row(4n, { key: 'y' }),
      row(5n, { topic: 'b', schema: 'old' }),
      row(6n, { key: undefined, schema: 'new' }),
      row(7n, { key: undefined }),
    ];
    const trouble = { ...NO_TROUBLE, schemas };
    const effects = effectsOf(
      leads,
      { kind: 'claimed', now: 0, rows, trouble },
      { kind: 'sent' },
      { kind: 'deleted' },
      leads,
    );
    const sent = [1, 4, 5, 7].map((id) => rows[id - 1]);
    expect(effects.slice(2)).toEqual([
      { kind: 'send', rows: sent },
      { kind: 'delete', rows: sent },
      { kind: 'sleep', ms: 0, wakeable: true },
      { kind: 'claim', limit: 64, exceptTopics: [], exceptSchemas: ['new'] },
    ]);
  });

  it('with a dead letter that the broker refuses is sent again without its bytes, then its key goes on', () => {
    const [letter, behind, other] = [row(1n, { shortenable: true }), row(2n), row(3n, { key: 'y' })];
    const short = row(1n);
    const effects = effectsOf(
      leads,
      claimed(letter, behind, other),
      refused,
      refused,
      { kind: 'shortened' },
      { kind: 'sent' },
      { kind: 'deleted' },
      leads,
      claimed(short, behind),
    );
    expect(effects.slice(4)).toEqual([
      { kind: 'shorten', row: letter, reason: 'too large' },
      { kind: 'send', rows: [other] },
      { kind: 'delete', rows: [other] },
      { kind: 'sleep', ms: 0, wakeable: true },
      { kind: 'claim', limit: 64, exceptTopics: [], exceptSchemas: [] },
      { kind: 'send', rows: [short, behind] },
    ]);
  });

  it('does not send the later rows of a topic that was refused as a whole', () => {
    const rows = [row(1n, { bytes: 600_000 }), row(2n, { bytes: 600_000 }), row(3n, { bytes: 600_000, topic: 'b' })];
    const effects = effectsOf(leads, claimed(...rows), { ...refused, about: 'topic' });
    expect(effects.slice(2)).toEqual([
      { kind: 'send', rows: rows.slice(0, 1) },
      { kind: 'send', rows: rows.slice(2) },
    ]);
  });

  it('is dropped once the relay has lost its lease', () => {
    const rows = [row(1n, { bytes: 600_000 }), row(2n, { bytes: 600_000 })];
    expect(effectsOf(leads, claimed(...rows), { kind: 'fenced' }).at(-1)).toMatchObject({ kind: 'sleep' });
  });
});

describe('sleeps of the relay', () => {
  const ms = (...inputs: RelayInput<Row>[]) => {
    const effect = effectsOf(...inputs).at(-1);
    return effect?.kind === 'sleep' ? { ms: effect.ms, wakeable: effect.wakeable } : effect?.kind;
  };
  it('get longer up to 100 ms while there is nothing to do, and are short after a batch', () => {
    const idle = (times: number) => Array.from({ length: times }, () => [leads, claimed()]).flat();
    expect(ms(...idle(1))).toEqual({ ms: 10, wakeable: true });
    expect(ms(...idle(8))).toEqual({ ms: 100, wakeable: true });
    expect(ms(...idle(8), leads, claimed(row(1n)), { kind: 'sent' }, { kind: 'deleted' })).toEqual({
      ms: 5,
      wakeable: true,
    });
  });

  it('are not ended by a commit while more than 200 rows come per second, so that the next batch has several rows', () => {
    const batches = (count: number, everyMs: number): RelayInput<Row>[] =>
      Array.from({ length: count }, (_, n): RelayInput<Row>[] => [
        leads,
        claimedAt(n * everyMs, row(BigInt(n))),
        { kind: 'sent' },
        { kind: 'deleted' },
      ]).flat();
    const rest = { ms: 10, wakeable: false };
    const none = { ms: 5, wakeable: true };
    expect(ms(...batches(100, 4))).toEqual(rest);
    expect(ms(...batches(100, 6))).toEqual(none);
    // after a silence, and after a few at once
    expect(ms(...batches(100, 4), leads, claimedAt(1_000, row(100n)), { kind: 'sent' }, { kind: 'deleted' })).toEqual(
      none,
    );
    expect(ms(...batches(10, 0))).toEqual(none);
  });

  it('are longer while a schema is in trouble, because each claim reads the whole outbox', () => {
    const schemas = new Map([['new', { reason: 'not registered', lasting: true }]]);
    const trouble = { ...NO_TROUBLE, schemas };
    const found: RelayInput<Row> = { kind: 'claimed', now: 0, rows: [], trouble };
    const idle = Array.from({ length: 12 }, () => [leads, found]).flat();
    expect(ms(...idle)).toEqual({ ms: 500, wakeable: true });
  });

  it('get longer with each failure in a row, and are not wakeable then', () => {
    const failing = [leads, claimed(row(1n)), { kind: 'unsent' } as const];
    expect(ms(...failing)).toEqual({ ms: 105, wakeable: false });
    expect(ms(...failing, ...failing, ...failing)).toEqual({ ms: 405, wakeable: false });
    expect(ms(...failing, leads, claimed(row(1n)), { kind: 'sent' }, { kind: 'deleted' })).toEqual({
      ms: 5,
      wakeable: true,
    });
  });

  it('end once the relay is stopping and can publish nothing more', () => {
    const last = [{ kind: 'stop' }, leads, claimed(row(1n)), { kind: 'sent' }, { kind: 'deleted' }] as const;
    expect(ms(...last)).toEqual({ ms: 0, wakeable: true });
    expect(ms(...last, leads, claimed())).toBe('end');
    expect(ms({ kind: 'stop' }, leads, claimed(row(1n)), { kind: 'unsent' })).toBe('end');
    expect(ms({ kind: 'stop' }, { kind: 'slept', now: 0, leads: false })).toBe('end');
  });

  it('end only after a claim that began after the stop, which sees what was committed right before it', () => {
    const under = [leads, { kind: 'stop' }, claimed()] as const;
    expect(ms(...under)).toEqual({ ms: 0, wakeable: true });
    expect(ms(...under, leads, claimed())).toBe('end');
    expect(ms(...under, { kind: 'slept', now: 0, leads: false })).toBe('end');
  });
});

describe('the number of rows to claim', () => {
  const limits = (bytes: number) => {
    let [state, [effect]] = relayStart<Row>();
    const seen: number[] = [];
    for (let round = 0; round < 8; round++) {
      [state, [effect]] = relayStep<Row>(state, leads);
      if (effect?.kind !== 'claim') break;
      const { limit } = effect;
      seen.push(limit);
      const rows = Array.from({ length: limit }, (_, at) => row(BigInt(at), { bytes, partition: at }));
      let next: RelayState<Row>;
      [next, [effect]] = relayStep(state, claimed(...rows));
      while (effect?.kind === 'send') [next, [effect]] = relayStep<Row>(next, { kind: 'sent' });
      [state, [effect]] = relayStep<Row>(next, { kind: 'deleted' });
    }
    return seen;
  };
  it('grows while batches are full and light, and shrinks if they are heavy', () => {
    expect(limits(100)).toEqual([64, 128, 256, 512, 1_000, 1_000, 1_000, 1_000]);
    expect(limits(20_000)).toEqual([64, 64, 64, 64, 64, 64, 64, 64]);
    expect(limits(500_000)).toEqual([64, 32, 16, 16, 16, 16, 16, 16]);
  });
});
