import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AnyEffectHandler } from '../../src/contract/service.ts';
import type { SqlValue, Statement, Store } from '../../src/ports/sql.ts';
import { CLAIM_DUE } from '../../src/timers/statements.ts';
import { testDatabase, type TestDatabase } from '../testDatabase.ts';
import { ask, contract, running } from './reminders.ts';

let database: TestDatabase;

beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database.drop());

const start = (key: string, cents = 100) => ({ start: 'chargeCard', key, data: { seat: key, cents } });
const left = () => database.query('SELECT key, state, attempts, last_error FROM atlas_timer ORDER BY key');
const until = (check: () => Promise<void> | void) => vi.waitFor(check, { timeout: 60_000, interval: 20 });

type Call = Parameters<AnyEffectHandler['perform']>[0];
type Settled = Parameters<AnyEffectHandler['settle']>[0];

/** A payment provider that records its calls, and a handler that records what it settles. */
function provider(answer: (call: Call, count: number) => Promise<unknown> = async () => ({ reference: 'r-1' })) {
  const calls: Call[] = [];
  const settled: Settled[] = [];
  const chargeCard: AnyEffectHandler = {
    perform: async (input) => answer(input, calls.push(input)),
    settle: async (input) => (settled.push(input), { events: [] }),
  };
  return { calls, settled, effects: { chargeCard } };
}

describe('an effect', () => {
  it('calls the outside without a transaction, then settles the outcome', async () => {
    const { calls, settled, effects } = provider(async () => {
      const open = await database.query(
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'",
      );
      expect(open).toEqual([]);
      return { reference: 'r-7' };
    });
    await ask(database.url, { effects: [start('a-1')] });
    await using _ = running(database.url, { effects });
    await until(async () => expect(await left()).toEqual([]));
    expect(calls).toMatchObject([
      { data: { seat: 'a-1', cents: 100 }, call: { key: 'a-1', correlationId: 'c-1', attempt: 1 } },
    ]);
    expect(settled).toMatchObject([
      { key: 'a-1', data: { seat: 'a-1' }, outcome: { reference: 'r-7' }, ctx: { actor: { id: 'clerk-1' } } },
    ]);
  });

  it('that is started twice is called once', async () => {
    const { calls, effects } = provider();
    await ask(database.url, { effects: [start('a-1', 100)] });
    await ask(database.url, { effects: [start('a-1', 200)] });
    await using _ = running(database.url, { effects });
    await until(async () => expect(await left()).toEqual([]));
    expect(calls.map(({ data }) => data)).toEqual([{ seat: 'a-1', cents: 100 }]);
  });

  it('is called again with the same idempotency key until it is settled', async () => {
    const { calls, effects } = provider();
    let refused = 0;
    const settle: AnyEffectHandler['settle'] = async () => {
      if ((refused += 1) < 3) throw new Error('the book is closed');
      return { events: [] };
    };
    await ask(database.url, { effects: [start('a-1')] });
    await using _ = running(database.url, { effects: { chargeCard: { ...effects.chargeCard, settle } } });
    await until(async () => expect(await left()).toEqual([]));
    expect(calls.map(({ call }) => call.attempt)).toEqual([1, 2, 3]);
    expect(new Set(calls.map(({ call }) => call.idempotencyKey)).size).toBe(1);
  });

  it('that takes too long is aborted and tried again', async () => {
    const reasons: unknown[] = [];
    const { effects } = provider(async ({ call }, count) => {
      if (count > 1) return { reference: 'r-1' };
      call.signal.addEventListener('abort', () => reasons.push(call.signal.reason));
      return new Promise(() => undefined);
    });
    await ask(database.url, { effects: [start('a-1')] });
    await using instance = running(database.url, { effects });
    await until(async () => expect(await left()).toEqual([]));
    expect(reasons).toHaveLength(1);
    expect(instance.lines.map(({ fields }) => String(fields['err']))).toContain(
      'Error: chargeCard took longer than 500 ms',
    );
  });

  it('that fails in every try is held, and is tried again under its old key when it is started again', async () => {
    const { calls, effects } = provider(async (_, count) => {
      if (count <= 3) throw new Error('the line is dead');
      return { reference: 'r-1' };
    });
    await ask(database.url, { effects: [start('a-1')] });
    await using _ = running(database.url, { effects });
    await until(async () => expect(await left()).toMatchObject([{ state: 'held', attempts: 3 }]));
    expect(await database.query('SELECT side, topic FROM atlas_dead')).toEqual([
      { side: 'effect', topic: 'chargeCard' },
    ]);
    await ask(database.url, { effects: [start('a-1')] });
    await until(async () => expect(await left()).toEqual([]));
    expect(new Set(calls.map(({ call }) => call.idempotencyKey)).size).toBe(1);
  });

  it('whose outcome does not fit its schema counts as failed', async () => {
    const { effects } = provider(async () => undefined);
    await ask(database.url, { effects: [start('a-1')] });
    await using _ = running(database.url, { effects });
    await until(async () =>
      expect(await left()).toMatchObject([{ state: 'held', last_error: 'Error: Charged is undefined' }]),
    );
  });

  it('that is slow does not keep others from being called', async () => {
    const slow = Promise.withResolvers<unknown>();
    const { settled, effects } = provider(({ data }) =>
      Object(data).seat === 'slow' ? slow.promise : Promise.resolve({ reference: 'r-1' }),
    );
    await ask(database.url, { effects: [start('slow')] });
    await using _ = running(database.url, { effects });
    await ask(database.url, { effects: Array.from({ length: 20 }, (__, index) => start(`quick-${index}`)) });
    await until(() => expect(settled).toHaveLength(20));
    slow.resolve({ reference: 'r-2' });
    await until(async () => expect(await left()).toEqual([]));
  });

  it('that is under way when the instance stops is given back', async () => {
    const { effects } = provider(
      ({ call }) =>
        new Promise((_, reject) => call.signal.addEventListener('abort', () => reject(new Error('aborted')))),
    );
    await ask(database.url, { effects: [start('a-1')] });
    const instance = running(database.url, { effects });
    await until(async () =>
      expect(await database.query('SELECT FROM atlas_timer WHERE claimed_by IS NOT NULL')).toHaveLength(1),
    );
    await instance[Symbol.asyncDispose]();
    expect(await database.query('SELECT attempts, claimed_by FROM atlas_timer')).toEqual([
      { attempts: 0, claimed_by: null },
    ]);
  });

  it('that is claimed while the instance stops does not begin, and is given back', async () => {
    const { calls, effects } = provider(() => new Promise(() => undefined));
    await ask(database.url, { effects: [start('a-1')] });
    const stops = Promise.withResolvers<void>();
    const over = (store: Store): Store => ({
      ...store,
      read: (work) =>
        store.read((session) =>
          work({
            query: async <Row>(statement: Statement, values?: readonly SqlValue[]) => {
              const rows = await session.query<Row>(statement, values);
              if (statement === CLAIM_DUE && rows.length > 0) stops.resolve(instance.later.stop());
              return rows;
            },
          }),
        ),
    });
    const instance = running(database.url, { effects }, contract, { over });
    await stops.promise;
    await instance[Symbol.asyncDispose]();
    expect(calls).toEqual([]);
    expect(await database.query('SELECT attempts, claimed_by FROM atlas_timer')).toEqual([
      { attempts: 0, claimed_by: null },
    ]);
  });
});
