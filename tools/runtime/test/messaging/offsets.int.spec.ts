import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FORMS } from './forms.ts';
import { openHall, openOffice, sold, until, watched, type Halls } from './hall.ts';
import { SALES } from './tickets.ts';
import type { Instance } from './world.ts';

let shared: Awaited<ReturnType<typeof openOffice>>;
let halls: Halls;

const consumer = async (member: Instance) =>
  (await member.messaging.readiness()).find(({ name }) => name === 'consumer');
const mismatches = (member: Instance, kind: string) =>
  member.metric(`atlas_consumer_offset_mismatch_total{topic="${SALES}",kind="${kind}"`);
const group = () => shared.world.namespace + halls.service;
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** Waits until everything in the topic is consumed and its offsets are committed. */
async function caughtUp(): Promise<void> {
  const topic = shared.world.namespace + SALES;
  await until(async () => {
    expect(await halls.sales.query('SELECT FROM atlas_outbox')).toEqual([]);
    const ends = await shared.world.admin.fetchTopicOffsets(topic);
    const [at] = await shared.world.admin.fetchOffsets({ groupId: group(), topics: [topic] });
    for (const { partition, high } of ends.filter(({ high, low }) => high !== low))
      expect(at?.partitions.find((one) => one.partition === partition)?.offset).toBe(high);
  });
}

const TABLES = ['effect', 'atlas_inbox', 'atlas_fence'];

/** Saves copies of the tables that matter here. The returned function restores them. */
async function backup(): Promise<() => Promise<void>> {
  for (const table of TABLES) await halls.query(`CREATE TABLE kept_${table} AS TABLE ${table}`);
  return async () => {
    for (const table of TABLES) {
      await halls.query(`DELETE FROM ${table}`);
      await halls.query(`INSERT INTO ${table} SELECT * FROM kept_${table}`);
    }
  };
}

describe.each(FORMS)('consumed %s', (form) => {
  // topics of its own, because the tests have the same keys
  beforeAll(async () => {
    shared = await openOffice();
  });
  afterAll(() => shared.world.stop());
  beforeEach(async () => {
    halls = await openHall(shared, form);
  });
  afterEach(() => halls.close());

  describe('a consumer whose database was restored', () => {
    it('reads again what came after the backup, even if nothing new comes, and applies each event once', async () => {
      const before = await halls.open();
      // only one partition, so that the others had nothing to read at the time of the backup
      await halls.sell(...numbers(10).map((seat) => sold('restored a', seat)));
      await caughtUp();
      await before.stop();
      const restore = await backup();
      const between = await halls.open();
      const others = numbers(12).map((number) => `restored ${number}`);
      await halls.sell(...numbers(30).map((seat) => sold('restored a', seat + 10)));
      await halls.sell(...others.map((show) => sold(show, 1)));
      await caughtUp();
      await between.stop();
      await restore();
      expect(await halls.seats('restored a')).toEqual(numbers(10));
      const after = await halls.open();
      await until(async () => expect(await halls.seats('restored a')).toEqual(numbers(40)));
      for (const show of others) await until(async () => expect(await halls.seats(show)).toEqual([1]));
      expect(await mismatches(after, 'behind')).toBeGreaterThan(0);
      expect(await consumer(after)).toEqual({ name: 'consumer', ok: true });
      await after.stop();
      const last = await halls.open();
      await halls.sell(sold('restored a', 41));
      await until(async () => expect(await halls.seats('restored a')).toEqual(numbers(41)));
      expect(await mismatches(last, '')).toBe(0);
    });
  });

  describe('a consumer with a new database', () => {
    it('says that its group has consumed before', async () => {
      const before = await halls.open();
      await halls.sell(sold('emptied', 1));
      await caughtUp();
      await before.stop();
      await halls.query('DELETE FROM atlas_fence');
      const after = await halls.open();
      await until(async () => expect(await mismatches(after, 'unknown')).toBeGreaterThan(0));
      // as the runbook says
      await after.stop();
      for (const table of ['effect', 'atlas_inbox']) await halls.query(`DELETE FROM ${table}`);
      await halls.query('UPDATE atlas_fence SET next_offset = 0');
      await halls.open();
      await until(async () => expect(await halls.seats('emptied')).toEqual([1]));
    });
  });

  describe('a consumer whose group is forgotten by Kafka', () => {
    it('goes on after what its database has consumed', async () => {
      const before = await halls.open();
      await halls.sell(sold('forgotten', 1), sold('forgotten', 2));
      await caughtUp();
      await before.stop();
      await shared.world.admin.deleteGroups([group()]);
      await halls.query('DELETE FROM atlas_inbox');
      const { handle, calls } = watched();
      const after = await halls.open({ handle });
      await halls.sell(sold('forgotten', 3));
      await until(async () => expect(await halls.seats('forgotten')).toEqual([1, 2, 3]));
      expect(calls.map(({ seat }) => seat)).toEqual([3]);
      expect(await mismatches(after, 'forgotten')).toBeGreaterThan(0);
    });
  });

  describe('a consumer whose records Kafka has lost', () => {
    it('after it had consumed them says so, and goes on with the rest', async () => {
      const before = await halls.open();
      await halls.sell(sold('beyond', 1));
      await caughtUp();
      await before.stop();
      await halls.query('UPDATE atlas_fence SET next_offset = next_offset + 1000');
      const after = await halls.open();
      await until(async () => expect((await consumer(after))?.note).toContain('Kafka has lost records'));
      expect((await consumer(after))?.ok).toBe(false);
      const partitions = await mismatches(after, 'beyondEnd');
      expect(partitions).toBeGreaterThan(0);
      await halls.sell(...numbers(60).map((seat) => sold(`beyond ${seat}`, seat)));
      await until(async () => expect(await halls.seats('beyond 60')).toEqual([60]));
      await until(async () => expect(await consumer(after)).toEqual({ name: 'consumer', ok: true }));
    });

    it('before it had consumed them holds their partition until an operator accepts the loss', async () => {
      const before = await halls.open();
      await halls.sell(sold('gap', 1));
      await caughtUp();
      await before.stop();
      await halls.sell(sold('gap', 2));
      await until(async () => expect(await halls.sales.query('SELECT FROM atlas_outbox')).toEqual([]));
      const topic = shared.world.namespace + SALES;
      const ends = await shared.world.admin.fetchTopicOffsets(topic);
      const partitions = ends.map(({ partition, high }) => ({ partition, offset: high }));
      await shared.world.admin.deleteTopicRecords({ topic, partitions });
      const after = await halls.open();
      await until(async () => expect((await consumer(after))?.note).toContain('is held'));
      expect(await mismatches(after, 'gap')).toBe(1);
      await halls.sell(sold('gap', 3));
      const accept = `UPDATE atlas_fence SET next_offset = $1, offset_epoch = epoch WHERE topic = $2 AND partition = $3`;
      const [held] = /\S+\/\d+ is held/.exec((await consumer(after))?.note ?? '') ?? [];
      const partition = Number(held?.split(' ')[0]?.split('/').at(-1));
      await halls.query(accept, [ends.find((one) => one.partition === partition)?.high, topic, partition]);
      await until(async () => expect(await halls.seats('gap')).toEqual([1, 3]));
      expect(await consumer(after)).toEqual({ name: 'consumer', ok: true });
    });
  });
});
