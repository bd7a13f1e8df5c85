import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AtlasError } from '../../src/contract/atlasError.ts';
import { ONLY_EVENTS } from '../../src/outbox/written.ts';
import type { KafkaPort } from '../../src/ports/kafka.ts';
import type { TestDatabase } from '../testDatabase.ts';
import { boxOffice, SALES } from './tickets.ts';
import { eventually, ofEvent, ofKey, openWorld, type Instance, type World } from './world.ts';

let world: World;
let database: TestDatabase;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.stop());
beforeEach(async () => {
  database = await world.database();
});

const sold = (showId: string, seat: number) => ({ type: 'SeatSold', data: { showId, seat } });
const seats = (show: string, count: number) => Array.from({ length: count }, (_, seat) => sold(show, seat));
const running: Instance[] = [];

afterEach(async () => {
  for (const instance of running.splice(0)) await instance.stop();
});

async function open(wrap: Pick<Parameters<World['start']>[0], 'kafka' | 'store' | 'registry'> = {}) {
  const instance = await world.start({ contract: boxOffice, database, ...wrap });
  running.push(instance);
  return instance;
}

function untilLeads(instance: Instance, leads: 0 | 1 = 1): Promise<void> {
  return vi.waitFor(async () => expect(await instance.metric('atlas_relay_leads')).toBe(leads), eventually);
}

function isEmpty(): Promise<void> {
  return vi.waitFor(async () => expect(await database.query('SELECT FROM atlas_outbox')).toEqual([]), eventually);
}

/** First occurrences of a key's sequences in the topic. A leader that is too slow for its lease may send copies. */
async function sequences(show: string, atLeast: number): Promise<readonly number[]> {
  return [...new Set(await published(show, atLeast))];
}

/** The same, including copies. */
async function published(show: string, atLeast: number): Promise<readonly number[]> {
  const records = await world.records(SALES, ofKey(show), atLeast);
  return records.map(({ headers }) => Number(String(headers?.['ce_sequence'])));
}

/** A port whose sends fail on demand, before or after the records have reached the broker. */
function cut(): { kafka: (port: KafkaPort) => KafkaPort; mode: 'up' | 'down' | 'deaf' } {
  const away = () => new AtlasError('ATLAS_KAFKA_SEND', 'cut off', { detail: { retriable: true, reason: 'cut off' } });
  const link: ReturnType<typeof cut> = {
    mode: 'up',
    kafka: (port) => ({
      ...port,
      send: async (records) => {
        if (link.mode === 'down') throw away();
        await port.send(records);
        if (link.mode === 'deaf') throw away();
      },
    }),
  };
  return link;
}

describe('a relay', () => {
  it('publishes what was committed, in order per key, with its headers, and empties the outbox', async () => {
    const office = await open();
    const [id] = await world.commit(database, [sold('a', 1), sold('b', 1), sold('a', 2)]);
    office.messaging.wake(ONLY_EVENTS);
    expect(await sequences('a', 2)).toEqual([1, 2]);
    const [first] = await world.records(SALES, ofEvent(id), 1);
    const headers = Object.entries(first?.headers ?? {}).map(([name, value]) => [name, String(value)]);
    expect(Object.fromEntries(headers)).toEqual({
      'content-type': 'application/vnd.apache.avro',
      ce_specversion: '1.0',
      ce_id: id,
      ce_source: 'boxoffice',
      ce_type: 'tickets.boxoffice.SeatSold',
      ce_time: expect.stringMatching(/^20.*Z$/),
      ce_correlationid: 'correlation-1',
      ce_sequence: '1',
      ce_actorid: 'kim',
    });
    expect(first?.value?.[0]).toBe(0);
    await isEmpty();
    await expect.poll(() => office.metric('atlas_outbox_published_total'), eventually).toBeGreaterThanOrEqual(3);
  });

  it('lets commands commit while the broker is unavailable, stays ready, and publishes all of it later', async () => {
    const link = cut();
    link.mode = 'down';
    const office = await open(link);
    await world.commit(database, seats('broker', 5));
    await vi.waitFor(
      () => expect(office.lines.some(({ message }) => /could not publish/.test(message))).toBe(true),
      eventually,
    );
    expect((await office.messaging.readiness()).every(({ ok }) => ok)).toBe(true);
    link.mode = 'up';
    await isEmpty();
    expect(await sequences('broker', 5)).toEqual([1, 2, 3, 4, 5]);
  });

  it('publishes again what was not acknowledged, and first occurrences stay in order', async () => {
    const link = cut();
    link.mode = 'deaf';
    const office = await open(link);
    await world.commit(database, seats('deaf', 3));
    await vi.waitFor(
      () => expect(office.lines.some(({ message }) => /could not publish/.test(message))).toBe(true),
      eventually,
    );
    link.mode = 'up';
    await isEmpty();
    expect((await published('deaf', 6)).length).toBeGreaterThanOrEqual(6);
    expect(await sequences('deaf', 6)).toEqual([1, 2, 3]);
  });

  it('publishes what is waiting before it stops', async () => {
    const office = await open();
    // a standby publishes nothing
    await untilLeads(office);
    await world.commit(database, seats('last', 50));
    await office.stop();
    running.pop();
    expect(await database.query('SELECT FROM atlas_outbox')).toEqual([]);
  });
});

describe('one of two relays', () => {
  it('publishes, and the other takes over as soon as the first gives its lease back', async () => {
    const [first, second] = [await open(), await open()];
    const leads = async (instance: Instance) => (await instance.metric('atlas_relay_leads')) === 1;
    await vi.waitFor(
      async () => expect([await leads(first), await leads(second)].filter(Boolean)).toHaveLength(1),
      eventually,
    );
    await world.commit(database, seats('two', 10));
    await isEmpty();
    const [leader, standby] = (await leads(first)) ? [first, second] : [second, first];
    await leader.stop();
    running.splice(running.indexOf(leader), 1);
    await untilLeads(standby);
    await world.commit(database, seats('two', 10));
    await isEmpty();
    expect(await sequences('two', 20)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
  });

  it('takes over if the leader is frozen, and the leader finds that it was replaced', async () => {
    const thaw = Promise.withResolvers<void>();
    let frozen = false;
    const first = await open({
      store: (store) => ({
        ...store,
        read: async (work) => {
          if (frozen) await thaw.promise;
          return store.read(work);
        },
      }),
    });
    await untilLeads(first);
    const second = await open();
    frozen = true;
    await world.commit(database, seats('frozen', 5));
    // the time that this takes is tested with the lease
    await untilLeads(second);
    await isEmpty();
    thaw.resolve();
    await untilLeads(first, 0);
    expect(await database.query('SELECT epoch FROM atlas_lease')).toEqual([{ epoch: '2' }]);
    expect(await sequences('frozen', 5)).toEqual([1, 2, 3, 4, 5]);
  });
});
