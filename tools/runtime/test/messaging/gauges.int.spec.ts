import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openHall, openOffice, sold, until, watched, type Halls } from './hall.ts';
import { DOORS, hall, SALES } from './tickets.ts';
import type { Instance } from './world.ts';

let shared: Awaited<ReturnType<typeof openOffice>>;
let halls: Halls;

beforeAll(async () => {
  shared = await openOffice();
});
afterAll(() => shared.world.stop());
beforeEach(async () => {
  halls = await openHall(shared);
});
afterEach(() => halls.close());

const watch = { lookEveryMs: 50 };
const sum = async (members: readonly Instance[], name: string): Promise<number> =>
  (await Promise.all(members.map((member) => member.metric(name)))).reduce((one, other) => one + other, 0);

describe('the metrics of a service', () => {
  it('have all their series from the start, with 0', async () => {
    const member = await halls.open({ watch });
    const text = await member.metricsText();
    for (const series of [
      'atlas_dead_letters_total{reason="failed"',
      'atlas_dead_letters_total{reason="undecodable"',
      'atlas_dead_letters_total{reason="refused"',
      'atlas_dead_rows{reason="failed"',
      'atlas_dead_oldest_age_seconds{reason="refused"',
      'atlas_parked_keys{state="held"',
      'atlas_parked_events{state="retrying"',
      'atlas_parked_overdue_keys',
      'atlas_outbox_pending',
      'atlas_outbox_stalled_seconds',
      'atlas_backlog_look_age_seconds',
      `atlas_outbox_published_total{topic="${DOORS}"`,
      `atlas_relay_trouble{topic="${DOORS}",type="tickets.hall.DoorOpened"`,
      'atlas_inbox_applied_total{consumer="onSeatSold"',
      'atlas_inbox_duplicate_total{consumer="onSeatSold"',
      'atlas_inbox_unknown_schema_total{consumer="onSeatSold"',
      'atlas_parked_without_consumer_total',
      'atlas_inbox_fenced_total',
      `atlas_inbox_skipped_total{topic="${SALES}"`,
      `atlas_sequence_broken_total{topic="${SALES}",kind="gap"`,
      `atlas_consumer_offset_mismatch_total{topic="${SALES}",kind="behind"`,
    ])
      expect(
        text.split('\n').find((line) => line.startsWith(series)),
        series,
      ).toMatch(/ 0$/);
  });

  it('are all described in the reference', async () => {
    const page = await readFile(new URL('../../../../docs/reference/metrics.md', import.meta.url), 'utf8');
    const text = await (await halls.open({ watch })).metricsText();
    const names = [...text.matchAll(/^# TYPE (atlas_\w+)/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it('count what waits in the database only once, however many instances there are and whichever has the lease', async () => {
    await halls.query(`INSERT INTO atlas_dead (side, topic, event_id, headers, reason, error, attempts, dead_at)
      SELECT 'consume', 't', 'e', '{}', CASE n WHEN 1 THEN 'undecodable' ELSE 'failed' END, 'e', 1, now() - n * interval '1 minute'
      FROM generate_series(1, 3) n`);
    await halls.query(`INSERT INTO atlas_parked_key VALUES
      ('t', 'a', 9, 'held', 5, now(), now() - interval '1 hour', 'e'), ('t', 'b', 9, 'retrying', 1, now() - interval '1 hour', now(), 'e')`);
    await halls.query(`INSERT INTO atlas_parked (topic, key, partition, record_offset, consumer, event_id, attempts, headers, occurred_at, parked_at)
      SELECT 't', 'a', 9, n, 'c', n::text, 0, '{}', now(), now() FROM generate_series(1, 4) n`);
    const first = await halls.open({ watch });
    const second = await halls.open({ watch });
    const check = async (): Promise<void> => {
      const both = [first, second];
      expect(await sum(both, 'atlas_dead_rows{reason="failed"')).toBe(2);
      expect(await sum(both, 'atlas_dead_rows{reason="undecodable"')).toBe(1);
      expect(await sum(both, 'atlas_dead_oldest_age_seconds{reason="failed"')).toBeGreaterThanOrEqual(180);
      expect(await sum(both, 'atlas_parked_keys')).toBe(2);
      expect(await sum(both, 'atlas_parked_overdue_keys')).toBe(1);
      expect(await sum(both, 'atlas_parked_events{state="held"')).toBe(4);
      expect(await sum(both, 'atlas_parked_oldest_age_seconds{state="held"')).toBeGreaterThanOrEqual(3_600);
    };
    await until(check);
    // by now both have looked; if both exported the rows, the sum would never be odd
    await halls.query(`INSERT INTO atlas_dead (side, topic, event_id, headers, reason, error, attempts, dead_at)
      VALUES ('consume', 't', 'e', '{}', 'failed', 'e', 1, now())`);
    await until(async () => expect(await sum([first, second], 'atlas_dead_rows{reason="failed"')).toBe(3));
    const leader = (await first.metric('atlas_relay_leads')) === 1 ? first : second;
    await leader.stop();
    const other = leader === first ? second : first;
    await until(async () => {
      expect(await other.metric('atlas_dead_rows{reason="failed"')).toBe(3);
      expect(await other.metric('atlas_parked_events{state="held"')).toBe(4);
    });
  });

  it('rise while events wait and nothing is published', async () => {
    const gone = new Error('no broker');
    const member = await shared.world.start({
      contract: { ...hall, service: halls.service },
      database: halls.database,
      consumers: { onSeatSold: watched().handle },
      kafka: (port) => ({
        ...port,
        send: async () => {
          throw gone;
        },
      }),
      watch,
    });
    await halls.sell(sold('stalled', 1));
    await until(async () => expect(await member.metric('atlas_outbox_pending')).toBeGreaterThan(0));
    await until(async () => expect(await member.metric('atlas_outbox_stalled_seconds')).toBeGreaterThan(0.2));
    expect(await member.metric('atlas_outbox_oldest_age_seconds')).toBeGreaterThan(0);
    await member.stop();
  });
});

describe('a partition with records that makes no progress', () => {
  it('fails readiness with its name until it goes on, and metrics show its lag', async () => {
    const go = Promise.withResolvers<void>();
    const { handle } = watched(async ({ showId }) => {
      if (showId === 'stuck') await go.promise;
    });
    const member = await halls.open({ handle, watch: { lookEveryMs: 20, stuckAfterMs: 100 } });
    const consumer = async () => (await member.messaging.readiness()).find(({ name }) => name === 'consumer');
    await halls.sell(sold('stuck', 1), sold('stuck', 2));
    await until(async () => expect((await consumer())?.note).toMatch(/sale\.v1\/\d has made no progress/));
    expect((await consumer())?.ok).toBe(false);
    expect(await member.metric('atlas_consumer_lag')).toBeGreaterThanOrEqual(2);
    expect(await member.metric('atlas_consumer_oldest_unread_age_seconds')).toBeGreaterThan(0);
    go.resolve();
    await until(async () => expect(await halls.seats('stuck')).toEqual([1, 2]));
    await until(async () => expect(await consumer()).toEqual({ name: 'consumer', ok: true }));
    await until(async () => expect(await member.metric('atlas_consumer_lag')).toBe(0));
  });
});
