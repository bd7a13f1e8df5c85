import { migrations } from '@atlas/templates/outbox';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { slonikStore } from '../../src/adapters/slonik/index.ts';
import { ARRIVE, deadName, INSERT_INBOX, KEEP_OFFSET, QUEUE_EVENT, RAISE_FENCE } from '../../src/inbox/statements.ts';
import { runMigrations } from '../../src/migrate/index.ts';
import type { SqlValue, Statement, Store } from '../../src/ports/sql.ts';
import { outboxFolder } from '../bookings/outboxFolder.ts';
import { testDatabase, type TestDatabase } from '../testDatabase.ts';

/** The statements of the release before migration 0003, whose instances run while the database is upgraded. */
const OLD_ARRIVE: Statement = {
  name: 'old_arrive',
  text: `WITH head AS MATERIALIZED (
  SELECT 1 FROM atlas_parked_key WHERE topic = $1 AND key = $2 FOR UPDATE
), fresh AS (
  INSERT INTO atlas_inbox (event_id, consumer, applied_at) SELECT $3, $4, $6::timestamptz
  WHERE NOT EXISTS (SELECT FROM head) AND NOT EXISTS (SELECT FROM atlas_inbox WHERE event_id = $3 AND consumer = $5)
  ON CONFLICT DO NOTHING RETURNING 1
) SELECT EXISTS (SELECT FROM head) AS parked, EXISTS (SELECT FROM fresh) AS fresh`,
};
const OLD_INSERT: Statement = {
  name: 'old_enter',
  text: `INSERT INTO atlas_inbox (event_id, consumer, applied_at) VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING RETURNING 1 AS fresh`,
};
const OLD_RAISE: Statement = {
  name: 'old_raise',
  text: `INSERT INTO atlas_fence AS f (group_id, topic, partition, epoch) VALUES ($1, $2, $3, 1)
ON CONFLICT (group_id, topic, partition) DO UPDATE SET epoch = f.epoch + 1 RETURNING epoch`,
};

const C = 'onSeatSold';
const NOW = new Date('2031-02-03T04:05:06Z');
const KEY = Buffer.from('k');
const FENCE = ['g', 't', 0];
/** The fence of a partition whose epoch stays the same. */
const OTHER_FENCE = ['g', 't', 1, 1];

let database: TestDatabase;
let store: Store;

const migrate = (count: number) =>
  runMigrations({
    contract: { service: 'bookings', migrations: outboxFolder(migrations.slice(0, count)) },
    ownerUrl: database.url,
  });
const count = async (statement: Statement, values: readonly SqlValue[]): Promise<number> =>
  (await store.read((session) => session.query(statement, values))).length;

/** Whether the event is new to the consumer. */
async function arrives(event: string, source: string | undefined): Promise<boolean> {
  const values = ['t', KEY, event, C, deadName(C), NOW];
  const [row] = await store.read((session) =>
    source === undefined
      ? session.query<{ fresh: boolean }>(OLD_ARRIVE, values)
      : session.query<{ fresh: boolean }>(ARRIVE, [...values, source, ...OTHER_FENCE]),
  );
  return row?.fresh === true;
}

beforeAll(async () => {
  database = await testDatabase({ migrated: false });
  await migrate(2);
  store = slonikStore(database.url);
  // this gives an older instance an open connection with prepared statements
  await arrives('before', undefined);
  await count(OLD_INSERT, ['before, dead', deadName(C), NOW]);
  await count(OLD_RAISE, FENCE);
  await migrate(migrations.length);
  await count(RAISE_FENCE, ['g', 't', 1]);
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

describe('an inbox that was upgraded under running instances', () => {
  beforeEach(async () => {
    await database.query(`DELETE FROM atlas_inbox WHERE event_id NOT LIKE 'before%'`);
  });

  it('knows the earlier events for every source, and for older instances', async () => {
    for (const source of ['boxoffice', 'kiosk', undefined]) {
      expect(await arrives('before', source), source).toBe(false);
      expect(await arrives('before, dead', source), source).toBe(false);
    }
    expect(await count(INSERT_INBOX, ['before, dead', deadName(C), NOW, 'kiosk'])).toBe(0);
  });

  it('takes an event of each source as new once, and its copies as copies', async () => {
    expect(await arrives('e', 'boxoffice')).toBe(true);
    expect(await arrives('e', 'kiosk')).toBe(true);
    expect(await arrives('e', 'boxoffice')).toBe(false);
    expect(await count(INSERT_INBOX, ['e', C, NOW, 'kiosk'])).toBe(0);
  });

  it('keeps an older instance from applying or giving up what a new one did, and a new one from doing so after an older one', async () => {
    expect(await arrives('new', 'boxoffice')).toBe(true);
    expect(await arrives('new', undefined)).toBe(false);
    expect(await count(OLD_INSERT, ['new', C, NOW])).toBe(0);
    expect(await arrives('old', undefined)).toBe(true);
    expect(await arrives('old', 'boxoffice')).toBe(false);
    expect(await count(INSERT_INBOX, ['dead', deadName(C), NOW, 'boxoffice'])).toBe(1);
    expect(await arrives('dead', undefined)).toBe(false);
    expect(await arrives('dead', 'kiosk')).toBe(true);
  });

  it('queues an event of each source once behind a parked key', async () => {
    await database.query(`INSERT INTO atlas_parked_key VALUES ('t', 'k', 0, 'retrying', 1, now(), now(), 'e')`);
    const queue = (event: string, source: string) =>
      count(QUEUE_EVENT, ['t', KEY, 0, 1n, C, event, 0, null, null, '{}', NOW, NOW, deadName(C), source]);
    expect(await queue('e', 'boxoffice')).toBe(1);
    expect(await queue('e', 'kiosk')).toBe(1);
    expect(await queue('e', 'boxoffice')).toBe(0);
    expect(await queue('before', 'boxoffice')).toBe(0);
  });

  it('passes an offset from owner to owner, and forgets it after an older instance', async () => {
    const raise = async () =>
      (
        await store.read((session) => session.query<{ epoch: bigint; next_offset: bigint | null }>(RAISE_FENCE, FENCE))
      )[0];
    expect(await raise()).toMatchObject({ epoch: 2n, next_offset: null });
    expect(await count(KEEP_OFFSET, [...FENCE, 2n, 41n, NOW])).toBe(1);
    expect(await raise()).toMatchObject({ epoch: 3n, next_offset: 41n });
    expect(await raise()).toMatchObject({ epoch: 4n, next_offset: 41n });
    expect(await count(KEEP_OFFSET, [...FENCE, 3n, 50n, NOW])).toBe(0);
    expect(await count(OLD_RAISE, FENCE)).toBe(1);
    expect(await raise()).toMatchObject({ epoch: 6n, next_offset: null });
  });

  it('finds an event by its index, whatever the order of the conditions', async () => {
    await database.query(`INSERT INTO atlas_inbox (event_id, consumer, source)
      SELECT n::text, '${C}', 'boxoffice' FROM generate_series(1, 20000) n`);
    const plan = await database.query(`EXPLAIN SELECT FROM atlas_inbox
      WHERE event_id = '7' AND consumer IN ('a', 'b') AND source IN ('boxoffice', '')`);
    expect(JSON.stringify(plan)).toMatch(/Index Only Scan using atlas_inbox_pkey/);
  });
});
