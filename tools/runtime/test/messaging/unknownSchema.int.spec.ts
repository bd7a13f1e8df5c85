import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { framed } from '../../src/record/frame.ts';
import { FORMS } from './forms.ts';
import { openHall, openOffice, sold, until, watched, type HallOptions, type Halls } from './hall.ts';
import { seatReturned, seatSold } from './tickets.ts';
import type { Instance } from './world.ts';

/** Tests a registry that was restored empty, or an address that leads to another registry. */

let shared: Awaited<ReturnType<typeof openOffice>>;
let halls: Halls;

function forgetful() {
  const registry = { isEmpty: true };
  const wrap: HallOptions['registry'] = (port) => ({
    ...port,
    schemaOf: async (id) => (registry.isEmpty ? undefined : port.schemaOf(id)),
  });
  return { registry, wrap };
}

const keys = () => halls.query('SELECT state, attempts, last_error FROM atlas_parked_key ORDER BY key');
/** The statement that an operator runs, read from the how-to. */
async function releaseStatement(): Promise<string> {
  const page = await readFile(new URL('../../../../docs/how-to/debug-a-dead-letter.md', import.meta.url), 'utf8');
  const [statement] = /UPDATE atlas_parked_key[^;]+/u.exec(page) ?? [];
  if (!statement) throw new Error('the how-to has no statement that releases keys');
  return statement;
}

const dead = () => halls.query('SELECT FROM atlas_dead');

async function check(member: Instance) {
  return (await member.messaging.readiness()).find(({ name }) => name === 'consumer');
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

  describe('events whose schema the registry does not know', () => {
    it('wait in their order, none is given up, many of them fail readiness, and all are applied later', async () => {
      const shows = Array.from({ length: 12 }, (_, n) => `forgotten ${n}`);
      const { registry, wrap } = forgetful();
      await halls.sell(...shows.map((show) => sold(show, 1)), ...shows.map((show) => sold(show, 2)));
      const { handle, calls } = watched();
      const member = await halls.open({ handle, registry: wrap, retry: { retries: 0 } });
      const waiting = { state: 'retrying', attempts: 0, last_error: expect.stringContaining('ATLAS_SCHEMA_UNKNOWN') };
      await until(async () => expect(await keys()).toMatchObject(shows.map(() => waiting)));
      await until(async () => expect(await halls.query('SELECT FROM atlas_parked')).toHaveLength(24));
      expect(await check(member)).toMatchObject({
        ok: false,
        note: expect.stringContaining('the schema registry does not know the schemas of 12 events'),
      });
      await until(async () =>
        expect(await member.metric('atlas_inbox_unknown_schema_total{consumer="onSeatSold"')).toBe(12),
      );
      registry.isEmpty = false;
      for (const show of shows) await until(async () => expect(await halls.seats(show)).toEqual([1, 2]));
      await until(async () => expect(await keys()).toEqual([]));
      expect(await check(member)).toEqual({ name: 'consumer', ok: true });
      expect(calls.every(({ meta }) => meta.attempt === 1)).toBe(true);
      expect(await dead()).toEqual([]);
    });

    it('and that have no type wait as well, until the schema says their type', async () => {
      const { registry, wrap } = forgetful();
      await halls.open({ registry: wrap });
      const { world } = shared;
      const [ours, other] = [seatSold, seatReturned].map(async ({ subject, schema, codec }) =>
        framed(await world.register(subject, schema), codec.encode({ showId: 'untyped', seat: 1 })),
      );
      await halls.send('untyped', (await other) ?? null, {});
      await halls.send('untyped', (await ours) ?? null, {});
      const queue = () => halls.query(`SELECT FROM atlas_parked WHERE key = 'untyped'`);
      await until(async () => expect(await queue()).toHaveLength(2));
      registry.isEmpty = false;
      await until(async () => expect(await halls.seats('untyped')).toEqual([1]));
      await until(async () => expect(await queue()).toEqual([]));
      expect(await dead()).toEqual([]);
    });

    it('are held after ten minutes, and applied once an operator releases their key', async () => {
      const { registry, wrap } = forgetful();
      await halls.sell(sold('lasting', 1), sold('lasting', 2));
      const member = await halls.open({ registry: wrap });
      const queue = () => halls.query(`SELECT FROM atlas_parked WHERE key = 'lasting'`);
      await until(async () => expect(await queue()).toHaveLength(2));
      await halls.query(`UPDATE atlas_parked_key SET parked_at = now() - interval '11 minutes', next_at = now()`);
      const lasting = () => halls.query(`SELECT state, attempts FROM atlas_parked_key WHERE key = 'lasting'`);
      await until(async () => expect(await lasting()).toEqual([{ state: 'held', attempts: 0 }]));
      expect(await queue()).toHaveLength(2);
      expect(await dead()).toEqual([]);
      const lines = () => member.lines.filter(({ level, message }) => level === 'error' && message.includes('is held'));
      await until(() => expect(lines()).not.toEqual([]));
      // if the operator is too early, the ten minutes begin again
      const waits = () => member.lines.filter(({ message }) => message === 'a parked event has to wait').length;
      const before = waits();
      await halls.query(await releaseStatement());
      await until(() => expect(waits()).toBeGreaterThan(before));
      expect(await lasting()).toEqual([{ state: 'retrying', attempts: 0 }]);
      registry.isEmpty = false;
      await until(async () => expect(await halls.seats('lasting')).toEqual([1, 2]));
    });
  });
});
