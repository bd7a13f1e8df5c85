import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { slonikStore } from '../src/adapters/slonik/index.ts';
import { flush } from '../src/outbox/flush.ts';
import { idSequence } from '../src/ids.ts';
import type { OutboxRecord } from '../src/outbox/record.ts';
import type { Store } from '../src/ports/sql.ts';
import { testDatabase, type TestDatabase } from './testDatabase.ts';

let database: TestDatabase;
let store: Store;

beforeAll(async () => {
  database = await testDatabase();
  store = slonikStore(database.url, { maxConnections: 8 });
});
afterAll(async () => {
  await store.close();
  await database.drop();
});
beforeEach(() => database.query('TRUNCATE atlas_outbox, atlas_sequence'));

const newId = idSequence(new Date()).start();

function record(key: string | null, type = 'SeatsBooked', topic = 'boxoffice.bookings.show.v1'): OutboxRecord {
  return {
    topic,
    key: key === null ? null : Buffer.from(key),
    body: Buffer.from([0, 1, 255]),
    fingerprint: 'f',
    id: newId(),
    type,
    correlationId: 'c-1',
    causationId: null,
    actorId: null,
    traceparent: null,
    headers: null,
    occurredAt: new Date('2026-03-01T10:00:00.123Z'),
  };
}

let tries = 0;
const flushed = (records: readonly OutboxRecord[]) =>
  store.transaction((session) => {
    tries += 1;
    return flush(session, { records });
  });

describe('the flush', () => {
  it('numbers each key of each topic from 1, in the order of the events', async () => {
    const first = await flushed([
      record('a'),
      record('b'),
      record('a'),
      record(null, 'NoticePosted'),
      record('a', 'X', 'other.v1'),
    ]);
    expect(first.version).toBe('show/a@2, show/b@1, other/a@1');
    expect((await flushed([record('b'), record('a')])).version).toBe('show/b@2, show/a@3');
    expect((await flushed([record('b')])).version).toBe('show/b@3');
    expect((await flushed([record('c')])).version).toBe('show/c@1');
    expect((await flushed([record(null)])).version).toBe(undefined);
    const rows = await database.query(
      `SELECT topic, convert_from(key, 'utf8') AS key, sequence::int AS n FROM atlas_outbox ORDER BY id`,
    );
    expect(rows.map(({ topic, key, n }) => `${String(topic).split('.').at(0)} ${String(key)} ${String(n)}`)).toEqual([
      'boxoffice a 1',
      'boxoffice b 1',
      'boxoffice a 2',
      'boxoffice null null',
      'other a 1',
      'boxoffice b 2',
      'boxoffice a 3',
      'boxoffice b 3',
      'boxoffice c 1',
      'boxoffice null null',
    ]);
  });

  it('stores bytes, instants and headers unchanged', async () => {
    const dead = { ...record('a'), fingerprint: null, headers: { 'kafka_dlt-original-topic': 'dA==', odd: '"\\,{}' } };
    await flushed([dead]);
    const [row] = await database.query('SELECT body, headers, occurred_at, ce_id, fingerprint FROM atlas_outbox');
    expect(row).toEqual({
      body: Buffer.from([0, 1, 255]),
      headers: dead.headers,
      occurred_at: dead.occurredAt,
      ce_id: dead.id,
      fingerprint: null,
    });
  });

  it('stores the same columns for a single event as for several', async () => {
    const full = { causationId: 'c-0', actorId: 'kim', traceparent: '00-0-0-01', body: null, fingerprint: null };
    for (const one of [record('a'), { ...record('a'), ...full }]) {
      await flushed([one]);
      await flushed([one, record('b')]);
    }
    const rows = await database.query(`SELECT to_jsonb(o) - 'id' - 'sequence' AS row FROM atlas_outbox o ORDER BY id`);
    expect(rows).toHaveLength(6);
    expect([rows[0], rows[3]]).toEqual([rows[1], rows[4]]);
  });

  it.each([
    // each has another order of keys, which would deadlock without the sorted locks
    { what: 'several events', size: 3 },
    { what: 'single events', size: 1 },
  ])(
    'gives $what sequences without a gap, and keeps ids, sequences and commits in the same order',
    async ({ size }) => {
      const keys = ['a', 'b', 'c'];
      const counts = new Map(keys.map((key) => [key, 0]));
      const watched = watchCommits();
      tries = 0;
      await Promise.all(
        Array.from({ length: 8 }, async (_, worker) => {
          for (let turn = 0; turn < 40; turn++) {
            const order = keys.map((_key, index) => keys[(index + worker + turn) % 3] ?? 'a').slice(0, size);
            for (const key of order) counts.set(key, (counts.get(key) ?? 0) + 1);
            await flushed(order.map((key) => record(key)));
          }
        }),
      );
      const seen = await watched.stop();
      const rows = await database.query(
        `SELECT key, count(*)::int AS n, min(sequence)::int AS low, max(sequence)::int AS high,
         bool_and(ordered) AS ordered FROM (
           SELECT key, sequence, sequence = row_number() OVER (PARTITION BY key ORDER BY id) AS ordered FROM atlas_outbox
         ) numbered GROUP BY key ORDER BY key`,
      );
      const expected = Array.from(counts, ([key, n]) => ({ key: Buffer.from(key), n, low: 1, high: n, ordered: true }));
      expect(rows).toEqual(expected);
      expect(tries).toBe(320);
      expect(seen.inversions).toEqual([]);
      expect(seen.looks).toBeGreaterThan(2);
    },
  );
});

/**
 * Reads the table again and again: whenever a row of a key is visible, all rows of the key before it must be visible
 * too.
 */
function watchCommits() {
  const ended = new AbortController();
  const inversions: unknown[] = [];
  let looks = 0;
  const done = (async () => {
    while (!ended.signal.aborted) {
      looks += 1;
      inversions.push(
        ...(await database.query(
          'SELECT key, count(*), max(sequence) FROM atlas_outbox GROUP BY key HAVING count(*) <> max(sequence)',
        )),
      );
    }
  })();
  return {
    stop: async () => {
      ended.abort();
      await done;
      return { inversions, looks };
    },
  };
}
