import { migrations } from '@atlas/templates/outbox';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/clock/systemClock.ts';
import { promMetrics } from '../../src/adapters/prom-client/promMetrics.ts';
import { slonikStore, sqlStateOf } from '../../src/adapters/slonik/index.ts';
import { runMigrations } from '../../src/migrate/index.ts';
import type { Store } from '../../src/ports/sql.ts';
import { Cleaner, RETENTION } from '../../src/service/retention/cleaner.ts';
import { recordingLog } from '../boxOffice.ts';
import { outboxFolder } from '../bookings/outboxFolder.ts';
import { testDatabase, type TestDatabase } from '../testDatabase.ts';

let database: TestDatabase;
let store: Store;

beforeAll(async () => {
  database = await testDatabase();
  store = slonikStore(database.url);
});
afterAll(async () => {
  await store.close();
  await database.drop();
});
beforeEach(async () => {
  await database.query('TRUNCATE atlas_dead, atlas_inbox, atlas_idempotency, atlas_sequence, atlas_outbox');
  await database.query('DELETE FROM atlas_parked_key');
});

const cleaner = () =>
  new Cleaner({
    store,
    clock: systemClock,
    log: recordingLog([]),
    metrics: promMetrics('bookings'),
    retention: RETENTION,
  });

async function left(table: string, column: string): Promise<readonly unknown[]> {
  return (await database.query(`SELECT ${column} AS it FROM ${table} ORDER BY 1`)).map(({ it }) => it);
}

async function dead(id: string, days: number, { side = 'consume', key = 'k', partition = 0 } = {}): Promise<void> {
  await database.query(
    `INSERT INTO atlas_dead (side, topic, key, partition, event_id, headers, reason, error, attempts, dead_at)
    VALUES ($1, 't', convert_to(nullif($2, ''), 'UTF8'), $3, $4, '{"id": 1}', 'r', 'e', 1, now() - $5 * interval '1 day')`,
    [side, key, partition, id, days],
  );
}

describe('the clean-up', () => {
  it('deletes rows that are older than their retention, in as many batches as it takes, and counts them', async () => {
    await database.query(`INSERT INTO atlas_inbox (event_id, consumer, applied_at)
      SELECT n::text, 'c', now() - CASE WHEN n <= 2500 THEN 31 ELSE 29 END * interval '1 day' FROM generate_series(1, 2502) n`);
    await database.query(`INSERT INTO atlas_idempotency
      SELECT 'p', 'o', n::text, '', 200, '{}', '', now() - n * interval '1 day' FROM generate_series(1, 9) n`);
    await dead('old', 91);
    await dead('young', 89);
    await cleaner().round(0);
    expect(await left('atlas_inbox', 'event_id')).toEqual(['2501', '2502']);
    expect(await left('atlas_idempotency', 'key')).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(await left('atlas_dead', 'event_id')).toEqual(['young']);
  });

  it("keeps dead rows that wait for somebody's decision", async () => {
    await dead('refused, and its key waits', 500, { side: 'publish' });
    await dead('refused, without key', 500, { side: 'publish', key: '' });
    await dead('held', 500, { partition: 1 });
    await dead('free', 500, { partition: 2 });
    await database.query(`INSERT INTO atlas_parked_key (topic, key, partition, state, attempts, next_at, parked_at, last_error)
      VALUES ('t', 'k', 1, 'held', 5, now(), now(), 'e')`);
    await cleaner().round(0);
    expect(await left('atlas_dead', 'event_id')).toEqual(['held', 'refused, and its key waits']);
  });

  it('deletes sequences once a day, but none of a key that has something to send', async () => {
    for (const key of ['silent', 'waits', 'refused'])
      await database.query(`INSERT INTO atlas_sequence VALUES ('t', $1, 7, now() - interval '401 days')`, [
        Buffer.from(key),
      ]);
    await database.query(`INSERT INTO atlas_sequence VALUES ('t', 'young', 7)`);
    await database.query(`INSERT INTO atlas_outbox (topic, key, ce_id, ce_type, correlation_id, occurred_at)
      VALUES ('t', 'waits', gen_random_uuid(), 'T', 'c', now())`);
    await dead('e', 500, { side: 'publish', key: 'refused' });
    await cleaner().round(1);
    expect(await left('atlas_sequence', `convert_from(key, 'UTF8')`)).toHaveLength(4);
    await cleaner().round(24);
    expect(await left('atlas_sequence', `convert_from(key, 'UTF8')`)).toEqual(['refused', 'waits', 'young']);
  });

  it('is done by one instance if two begin at once', async () => {
    await database.query(`INSERT INTO atlas_inbox (event_id, consumer, applied_at)
      SELECT n::text, 'c', now() - interval '31 days' FROM generate_series(1, 3000) n`);
    await Promise.all([cleaner().round(0), cleaner().round(0)]);
    await cleaner().round(0);
    expect(await left('atlas_inbox', 'event_id')).toEqual([]);
  });

  it("can't delete dead rows that are younger than a week with the service's role", async () => {
    await dead('young', 6);
    await dead('old', 8);
    const call = { name: 'expire', text: `SELECT atlas_expire_dead('infinity', 10) AS gone` };
    expect(await store.read((session) => session.query(call))).toEqual([{ gone: 1n }]);
    const remove = { name: 'remove', text: 'DELETE FROM atlas_dead' };
    const refused = store.read((session) => session.query(remove));
    await expect(refused.catch((error: unknown) => Promise.reject(sqlStateOf(error)))).rejects.toBe('42501');
    expect(await left('atlas_dead', 'event_id')).toEqual(['young']);
  });
});

describe('a database of the first release, with rows', () => {
  let old: TestDatabase;
  const upgrade = (count: number) =>
    runMigrations({
      contract: { service: 'bookings', migrations: outboxFolder(migrations.slice(0, count)) },
      ownerUrl: old.url,
    });

  beforeEach(async () => {
    old = await testDatabase({ migrated: false });
    await upgrade(1);
  });
  afterEach(() => old.drop());

  it('gets the later migrations and keeps its rows, even keys that are too long for an index', async () => {
    await old.query(`INSERT INTO atlas_sequence VALUES ('t', 'k', 7)`);
    await old.query(`INSERT INTO atlas_inbox (event_id, consumer) VALUES ('e', 'c')`);
    await old.query(`INSERT INTO atlas_dead (side, topic, key, event_id, headers, reason, error, attempts, dead_at)
      VALUES ('publish', 't', decode(repeat('ab', 9000), 'hex'), 'e', '{"id": 1}', 'r', 'e', 1, now())`);
    await old.query(`INSERT INTO atlas_outbox (topic, key, ce_id, ce_type, correlation_id, occurred_at)
      VALUES ('t', 'k', gen_random_uuid(), 'T', 'c', now())`);
    expect(await upgrade(migrations.length)).toContain('atlas/0002_retention.sql');
    expect(await upgrade(migrations.length)).toEqual([]);
    for (const table of ['atlas_sequence', 'atlas_inbox', 'atlas_dead', 'atlas_outbox'])
      expect(await old.query(`SELECT count(*)::int AS n FROM ${table}`), table).toEqual([{ n: 1 }]);
  });
});
