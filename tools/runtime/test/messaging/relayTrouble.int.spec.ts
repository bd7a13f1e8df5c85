import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AtlasError } from '../../src/contract/atlasError.ts';
import { ONLY_EVENTS } from '../../src/outbox/written.ts';
import type { RegistryPort } from '../../src/ports/registry.ts';
import type { TestDatabase } from '../testDatabase.ts';
import { boxOffice, SALES } from './tickets.ts';
import { eventually, ofKey, openWorld, type Instance, type World } from './world.ts';

let world: World;
let database: TestDatabase;
const running: Instance[] = [];

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.stop());
beforeEach(async () => {
  database = await world.database();
});
afterEach(async () => {
  for (const instance of running.splice(0)) await instance.stop();
});

const event = (type: string) => (showId: string, seat: number) => ({ type, data: { showId, seat } });
const sold = event('SeatSold');
const returned = event('SeatReturned');

async function open(registry?: (port: RegistryPort) => RegistryPort) {
  const instance = await world.start({ contract: boxOffice, database, ...(registry ? { registry } : {}) });
  running.push(instance);
  return instance;
}

async function waiting(): Promise<readonly unknown[]> {
  return (await database.query('SELECT id FROM atlas_outbox ORDER BY id')).map(({ id }) => Number(id));
}

async function check(instance: Instance, name: string) {
  return (await instance.messaging.readiness()).find((one) => one.name === name);
}

describe('an event that the broker refuses', () => {
  it('becomes a dead row with its reason; its key waits, others go on, and readiness names the topic', async () => {
    await world.commit(database, [sold('big', 1), sold('big', 2), sold('small', 1), sold('big', 3), sold('small', 2)]);
    await database.query(`UPDATE atlas_outbox SET body = decode(repeat('00', 1200000), 'hex') WHERE id = 2`);
    const office = await open();
    await vi.waitFor(async () => expect(await waiting()).toEqual([4]), eventually);
    const dead = await database.query('SELECT topic, reason, error, length(body) AS bytes, headers FROM atlas_dead');
    expect(dead).toMatchObject([
      { topic: SALES, reason: 'refused', error: expect.stringContaining('MESSAGE_TOO_LARGE'), bytes: 1_200_000 },
    ]);
    expect(dead[0]?.['headers']).toMatchObject({ id: 2, sequence: 2, ce_type: 'tickets.boxoffice.SeatSold' });
    // rows in the same send as the refused batch may be published twice
    const published = await world.records(SALES, () => true, 3);
    const ids = new Map(published.map(({ key, headers }) => [String(headers?.['ce_id']), key?.toString()]));
    expect([...ids.values()].toSorted((a, b) => ((a ?? '') < (b ?? '') ? -1 : 1))).toEqual(['big', 'small', 'small']);
    expect(await check(office, 'topics')).toMatchObject({ ok: true, note: expect.stringContaining(SALES) });
    expect(await office.metric('atlas_dead_letters_total{reason="refused"')).toBe(1);
  });
});

describe('an event whose schema is found nowhere', () => {
  it('waits with the later ones of its key; other keys go on, and readiness and a metric name it', async () => {
    await world.commit(database, [
      sold('k', 1),
      returned('k', 2),
      sold('k', 3),
      returned('other', 1),
      sold('other', 2),
    ]);
    const setTo = (fingerprint: string) =>
      database.query('UPDATE atlas_outbox SET fingerprint = $1 WHERE id = 2', [fingerprint]);
    await setTo('nobody');
    const office = await open();
    await vi.waitFor(async () => expect(await waiting()).toEqual([2, 3]), eventually);
    await world.commit(database, [sold('k', 4), sold('late', 1)]);
    office.messaging.wake(ONLY_EVENTS);
    await vi.waitFor(async () => expect(await waiting()).toEqual([2, 3, 6]), eventually);
    const trouble = `atlas_relay_trouble{topic="${SALES}",type="tickets.boxoffice.SeatReturned"`;
    expect(await office.metric(trouble)).toBe(1);
    expect(await check(office, 'topics')).toMatchObject({
      ok: false,
      note: expect.stringContaining('schema nobody of'),
    });
    await setTo('fingerprint-SeatReturned');
    await vi.waitFor(async () => expect(await waiting()).toEqual([]), eventually);
    const published = await world.records(SALES, ofKey('k'), 4);
    expect(published.map(({ headers }) => Number(String(headers?.['ce_sequence'])))).toEqual([1, 2, 3, 4]);
    await vi.waitFor(async () => expect(await office.metric(trouble)).toBe(0), eventually);
    expect(await check(office, 'topics')).toEqual({ name: 'topics', ok: true });
  });
});

describe('a topic that does not exist', () => {
  it('keeps its events in the outbox, fails readiness with its name, and lets other topics go on', async () => {
    await world.commit(database, [sold('lost', 1), sold('found', 1)]);
    await database.query(`UPDATE atlas_outbox SET topic = 'tickets.nowhere.v1' WHERE id = 1`);
    await database.query(
      `INSERT INTO atlas_schema SELECT fingerprint, replace(subject, '${SALES}', 'tickets.nowhere.v1'), text, 1 FROM atlas_schema`,
    );
    const office = await open();
    await vi.waitFor(async () => expect(await waiting()).toEqual([1]), eventually);
    await vi.waitFor(async () => {
      expect(await check(office, 'topics')).toMatchObject({
        ok: false,
        note: expect.stringContaining(`${world.namespace}tickets.nowhere.v1 can't be written`),
      });
    }, eventually);
  });
});

describe('a schema registry', () => {
  it('that is unavailable makes events wait but no command; later they are published', async () => {
    let away = true;
    const office = await open((registry) => ({
      ...registry,
      idOf: async (subject, text) => {
        if (away) throw new AtlasError('ATLAS_REGISTRY_UNAVAILABLE', 'no answer');
        return registry.idOf(subject, text);
      },
    }));
    await world.commit(database, [sold('patient', 1)]);
    await vi.waitFor(
      async () => expect(await check(office, 'topics')).toEqual({ name: 'topics', ok: true, note: 'no answer' }),
      eventually,
    );
    expect(await waiting()).toEqual([1]);
    expect((await office.messaging.readiness()).every(({ ok }) => ok)).toBe(true);
    away = false;
    await vi.waitFor(async () => expect(await waiting()).toEqual([]), eventually);
  });

  it('that is unavailable is not needed if an earlier process stored the id', async () => {
    const before = await open();
    await vi.waitFor(
      async () => expect(await check(before, 'schemas')).toEqual({ name: 'schemas', ok: true }),
      eventually,
    );
    await before.stop();
    running.pop();
    await open((registry) => ({
      ...registry,
      idOf: async () => {
        throw new AtlasError('ATLAS_REGISTRY_UNAVAILABLE', 'no answer');
      },
    }));
    await world.commit(database, [sold('known', 1)]);
    await vi.waitFor(async () => expect(await waiting()).toEqual([]), eventually);
  });

  it('that does not know a schema fails readiness, which says what to do, before anything is sent', async () => {
    const office = await open((registry) => ({ ...registry, idOf: async () => undefined }));
    await vi.waitFor(async () => {
      expect(await check(office, 'schemas')).toMatchObject({
        ok: false,
        note: expect.stringContaining('run `atlas register`'),
      });
    }, eventually);
    await world.commit(database, [sold('early', 1)]);
    await vi.waitFor(async () => expect((await check(office, 'topics'))?.ok).toBe(false), eventually);
    expect(await waiting()).toEqual([1]);
  });
});
