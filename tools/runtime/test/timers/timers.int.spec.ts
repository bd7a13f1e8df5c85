import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/adapters/clock/systemClock.ts';
import type { AnyTimerInput } from '../../src/contract/service.ts';
import { FLUSH_EVENT } from '../../src/outbox/statements.ts';
import { LastStatements, type Store } from '../../src/ports/sql.ts';
import { testDatabase, type TestDatabase } from '../testDatabase.ts';
import { ask, contract, holdExpiry, running } from './reminders.ts';

let database: TestDatabase;

beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database.drop());

const SOON = () => new Date(Date.now() + 300);
const PAST = new Date(0);
const set = (key: string, at: Date, seat = key) => ({ set: 'holdExpiry', key, at, data: { seat } });
const left = () => database.query('SELECT name, key, state, attempts, last_error FROM atlas_timer ORDER BY key');
const until = (check: () => Promise<void> | void) => vi.waitFor(check, { timeout: 60_000, interval: 20 });

/** A handler that records what it fires. */
function noting() {
  const fired: AnyTimerInput[] = [];
  return { fired, timers: { onHoldExpiry: async (input: AnyTimerInput) => (fired.push(input), { events: [] }) } };
}

describe('a timer', () => {
  it('fires once when it is due, with its payload and its correlation', async () => {
    const { fired, timers } = noting();
    await using _ = running(database.url, { timers });
    const at = SOON();
    await ask(database.url, { timers: [set('a-1', at)] });
    await until(async () => expect(await left()).toEqual([]));
    expect(fired).toHaveLength(1);
    const [input] = fired;
    expect(input).toMatchObject({
      data: { seat: 'a-1' },
      timer: { key: 'a-1', at, attempt: 1 },
      ctx: { correlationId: 'c-1' },
    });
    expect(input?.ctx.now.getTime()).toBeGreaterThanOrEqual(at.getTime());
  });

  it('stays one timer if it is set twice, with the last time and the last payload', async () => {
    const { fired, timers } = noting();
    await ask(database.url, { timers: [set('a-1', PAST, 'first')] });
    await ask(database.url, { timers: [set('a-1', PAST, 'second'), set('a-1', PAST, 'third')] });
    await using _ = running(database.url, { timers });
    await until(async () => expect(await left()).toEqual([]));
    expect(fired.map(({ data }) => data)).toEqual([{ seat: 'third' }]);
  });

  it('does not fire if it is cancelled, and cancelling it once more does nothing', async () => {
    const { fired, timers } = noting();
    await ask(database.url, { timers: [set('a-1', PAST), set('a-2', PAST)] });
    await ask(database.url, { timers: [{ cancel: 'holdExpiry', key: 'a-1' }] });
    await using _ = running(database.url, { timers });
    await until(async () => expect(await left()).toEqual([]));
    await ask(database.url, { timers: [{ cancel: 'holdExpiry', key: 'a-2' }] });
    expect(fired.map(({ timer }) => timer.key)).toEqual(['a-2']);
  });

  it('leaves no trace if it is cancelled while it fires', async () => {
    const started = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    await ask(database.url, { timers: [set('a-1', PAST)] });
    await using instance = running(database.url, {
      timers: {
        onHoldExpiry: async () => {
          started.resolve();
          await finish.promise;
          return { events: [{ type: 'SeatFreed', data: { showId: 's-1', bookingId: 'b-1', seats: 1 } }] };
        },
      },
    });
    await started.promise;
    await ask(database.url, { timers: [{ cancel: 'holdExpiry', key: 'a-1' }] });
    finish.resolve();
    await until(async () => expect(await instance.metrics()).toMatch(/atlas_timer_gone_total\{.*\} 1/));
    expect(await database.query('SELECT FROM atlas_outbox')).toEqual([]);
    expect(await left()).toEqual([]);
  });

  it('fires again if its handler sets it again', async () => {
    let times = 0;
    await ask(database.url, { timers: [set('a-1', PAST)] });
    await using _ = running(database.url, {
      timers: {
        onHoldExpiry: async () => ({ events: [], timers: (times += 1) < 3 ? [set('a-1', PAST)] : [] }),
      },
    });
    await until(async () => expect(await left()).toEqual([]));
    expect(times).toBe(3);
  });

  it.each([
    ['of nobody if it had to wait', SOON, null],
    ['of the one who set it if it was due at once', () => PAST, 'clerk-1'],
  ])('writes its events in the transaction in which it ends, as those %s', async (_, at, actor) => {
    const actors: unknown[] = [];
    await ask(database.url, { timers: [set('a-1', at())] });
    await using _running = running(database.url, {
      timers: {
        onHoldExpiry: async ({ data, ctx }) => {
          actors.push(ctx.actor.id);
          return { events: [{ type: 'SeatFreed', data: { showId: 's-1', bookingId: 'b-1', seats: data } }] };
        },
      },
    });
    await until(async () => expect(await left()).toEqual([]));
    expect(actors).toEqual([actor ?? 'anonymous']);
    const rows = await database.query('SELECT ce_type, correlation_id, causation_id, actor_id FROM atlas_outbox');
    expect(rows).toMatchObject([
      {
        ce_type: 'boxoffice.bookings.SeatFreed',
        correlation_id: 'c-1',
        causation_id: expect.any(String),
        actor_id: actor,
      },
    ]);
  });

  it('waits for the database only once for its events and COMMIT', async () => {
    await ask(database.url, { timers: [set('a-1', PAST)] });
    const ends: unknown[] = [];
    const over = (store: Store): Store => ({
      ...store,
      transaction: (work) =>
        store.transaction(async (session) => {
          const end = await work(session);
          ends.push(end instanceof LastStatements ? end.statements.map(({ statement }) => statement.name) : end);
          return end;
        }),
    });
    const freed = { type: 'SeatFreed', data: { showId: 's-1', bookingId: 'b-1', seats: 1 } };
    const timers = { onHoldExpiry: async () => ({ events: [freed] }) };
    await using _ = running(database.url, { timers }, contract, { over });
    await until(async () => expect(await left()).toEqual([]));
    expect(ends).toEqual([[FLUSH_EVENT.name]]);
  });

  it('is tried again, and after its last retry it is held with a dead letter', async () => {
    const attempts: number[] = [];
    await ask(database.url, { timers: [set('a-1', PAST)] });
    await using instance = running(database.url, {
      timers: {
        onHoldExpiry: async ({ timer }) => {
          attempts.push(timer.attempt);
          throw new Error('no paper in the printer');
        },
      },
    });
    await until(async () => expect(await left()).toMatchObject([{ state: 'held' }]));
    expect(attempts).toEqual([1, 2, 3]);
    expect(await left()).toMatchObject([{ attempts: 3, last_error: 'Error: no paper in the printer' }]);
    expect(await database.query('SELECT side, topic, attempts, reason FROM atlas_dead')).toEqual([
      { side: 'timer', topic: 'holdExpiry', attempts: 3, reason: 'failed' },
    ]);
    expect(await database.query('SELECT topic, causation_id IS NOT NULL AS caused FROM atlas_outbox')).toEqual([
      { topic: 'atlas.bookings.dlq.v1', caused: true },
    ]);
    expect(await instance.metrics()).toMatch(/atlas_timer_failed_total\{.*\} 3/);
  });

  it('is not tried again before its time, even if the clock of the database jumps back meanwhile', async () => {
    const early: number[] = [];
    await ask(database.url, { timers: [set('a-1', PAST)] });
    await using _ = running(database.url, {
      timers: {
        onHoldExpiry: async ({ timer, ctx }) => {
          early.push(timer.at.getTime() - ctx.now.getTime());
          if (early.length > 1) return { events: [] };
          // for the row, this is the same as a clock that goes back
          await database.query("UPDATE atlas_timer SET due_at = now() + interval '1 second'");
          throw new Error('no paper in the printer');
        },
      },
    });
    await until(async () => expect(await left()).toEqual([]));
    expect(early).toHaveLength(2);
    expect(Math.max(...early)).toBeLessThanOrEqual(0);
  });

  it('that is held goes on when it is set again', async () => {
    await ask(database.url, { timers: [set('a-1', PAST)] });
    await database.query("UPDATE atlas_timer SET state = 'held'");
    await ask(database.url, { timers: [set('a-1', PAST)] });
    const { fired, timers } = noting();
    await using _ = running(database.url, { timers });
    await until(async () => expect(await left()).toEqual([]));
    expect(fired).toHaveLength(1);
  });

  it('fires once, however many instances there are and however many timers are due', async () => {
    const KEYS = Array.from({ length: 400 }, (_, index) => `key-${String(index).padStart(3, '0')}`);
    await ask(database.url, { timers: KEYS.map((key) => set(key, PAST)) });
    const first = noting();
    const second = noting();
    await using _one = running(database.url, first);
    await using _two = running(database.url, second);
    await until(async () => expect(await left()).toEqual([]));
    expect([...first.fired, ...second.fired].map(({ timer }) => timer.key).toSorted()).toEqual(KEYS);
  });

  it('does not share a transaction that lasts longer than its claim, however slow the handlers are', async () => {
    const KEYS = Array.from({ length: 12 }, (_, index) => `key-${index}`);
    await ask(database.url, { timers: KEYS.map((key) => set(key, PAST)) });
    let passed = 0;
    const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + passed };
    let fired = 0;
    const sizes: number[] = [];
    const over = (store: Store): Store => ({
      ...store,
      transaction: async (work) => {
        const before = fired;
        const result = await store.transaction(work);
        sizes.push(fired - before);
        return result;
      },
    });
    const onHoldExpiry = async () => {
      fired += 1;
      passed += 3_000;
      return { events: [] };
    };
    await using _ = running(database.url, { timers: { onHoldExpiry } }, contract, { over, clock });
    await until(async () => expect(await left()).toEqual([]));
    expect(fired).toBe(12);
    expect(sizes.slice(0, 2)).toEqual([2, 2]);
  });

  it('that is claimed is given back if its instance stops before it fires', async () => {
    const KEYS = Array.from({ length: 150 }, (_, index) => `key-${index}`);
    await ask(database.url, { timers: KEYS.map((key) => set(key, PAST)) });
    const stops = Promise.withResolvers<void>();
    let fired = 0;
    const onHoldExpiry = async () => {
      if ((fired += 1) === 1) stops.resolve(instance.later.stop());
      return { events: [] };
    };
    await using instance = running(database.url, { timers: { onHoldExpiry } });
    await stops.promise;
    expect(fired).toBe(100);
    expect(await database.query('SELECT claimed_by, count(*)::int4 AS rows FROM atlas_timer GROUP BY 1')).toEqual([
      { claimed_by: null, rows: 50 },
    ]);
  });

  it('that fails does not keep the others of its transaction from firing', async () => {
    const KEYS = Array.from({ length: 30 }, (_, index) => `key-${index}`);
    await ask(database.url, { timers: KEYS.map((key) => set(key, PAST)) });
    const ended = new Set<string>();
    await using _ = running(database.url, {
      timers: {
        onHoldExpiry: async ({ timer }) => {
          if (timer.key === 'key-7') throw new Error('seven is broken');
          ended.add(timer.key);
          return { events: [] };
        },
      },
    });
    await until(async () => expect(await left()).toMatchObject([{ key: 'key-7', state: 'held' }]));
    expect(ended.size).toBe(29);
  });

  it('is read with the schema with which it was written', async () => {
    await ask(database.url, { timers: [set('a-1', PAST)] });
    await database.query(`INSERT INTO atlas_payload_schema VALUES ('HoldExpiry', 'the old schema')`);
    const { fired, timers } = noting();
    await using _ = running(database.url, { timers }, { ...contract, timers: [holdExpiry('HoldExpiry2')] });
    await until(async () => expect(await left()).toEqual([]));
    expect(fired.map(({ data }) => data)).toEqual([{ seat: 'a-1', writer: 'the old schema' }]);
  });

  it('of a removed name waits, and does not keep others from firing', async () => {
    await ask(database.url, { timers: [set('a-1', PAST)] });
    await database.query("UPDATE atlas_timer SET name = 'removed'");
    await ask(database.url, { timers: [set('a-2', PAST)] });
    await using instance = running(database.url, {});
    await until(async () => expect(await left()).toMatchObject([{ name: 'removed', state: 'waiting' }]));
    expect(instance.later.readiness()).toMatchObject({ ok: true });
  });

  it('that has been due for a minute makes the instance not ready', async () => {
    await ask(database.url, { timers: [set('a-1', PAST)] });
    await database.query(
      `UPDATE atlas_timer SET next_at = now() - interval '2 minutes', claimed_by = gen_random_uuid(),
        claimed_until = now() + interval '1 hour'`,
    );
    await using instance = running(database.url, {});
    await until(() =>
      expect(instance.later.readiness()).toMatchObject({
        ok: false,
        note: expect.stringContaining('the oldest timer has been due for'),
      }),
    );
  });
});

describe('a change of a timer', () => {
  it.each([
    [
      'a name that the service does not have',
      { timers: [{ cancel: 'closing', key: 'a' }] },
      '"closing" is not a timer of this service',
    ],
    ['no key', { timers: [{ cancel: 'holdExpiry', key: '' }] }, 'must have 1 to 255 characters'],
    [
      'a key that is too long',
      { timers: [{ cancel: 'holdExpiry', key: 'x'.repeat(256) }] },
      'must have 1 to 255 characters',
    ],
    ['an invalid time', { timers: [set('a', new Date('soon'))] }, 'the time of holdExpiry is not valid'],
    [
      'an unknown effect',
      { effects: [{ start: 'refund', key: 'a', data: {} }] },
      '"refund" is not an effect of this service',
    ],
  ])('with %s is refused', async (_, asked, message) => {
    await expect(ask(database.url, asked)).rejects.toThrow(message);
  });
});
