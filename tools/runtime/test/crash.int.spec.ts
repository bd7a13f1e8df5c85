import { readStack } from '@atlas/stack';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Failpoint } from '../src/failpoint.ts';
import { serviceProcess, type ServiceProcess } from './serviceProcess.ts';
import { signer, type Signer } from './signer.ts';
import type { TestDatabase } from './testDatabase.ts';
import { FORMS } from './messaging/forms.ts';
import { DLQ, SALES } from './messaging/tickets.ts';
import { ask } from './timers/reminders.ts';
import { eventually, ofKey, openWorld, type World } from './messaging/world.ts';

/**
 * Tests processes that are killed with SIGKILL at a failpoint and started again. They run concurrently, because they
 * mostly wait until the sessions of killed processes end.
 */

let keys: Signer;

beforeAll(async () => {
  keys = await signer();
});
afterAll(() => keys.close());

/** A test's own topics, database and processes. */
interface Scene extends AsyncDisposable {
  readonly world: World;
  readonly database: TestDatabase;
  start(other?: Readonly<Record<string, string>>): ServiceProcess;
  /** Starts a process that dies at the failpoint, and waits until it is dead. */
  killed(failpoint: Failpoint, other?: Readonly<Record<string, string>>): Promise<void>;
  left(): Promise<readonly Record<string, unknown>[]>;
  /** The ids of a key's events in a topic, including copies. */
  published(topic: string, key: string): Promise<readonly string[]>;
}

async function scene(): Promise<Scene> {
  const stack = readStack();
  if (!stack) throw new Error('no stack: run `make up` first');
  const world = await openWorld();
  const database = await world.database();
  const running: ServiceProcess[] = [];
  const start: Scene['start'] = (other = {}) => {
    const one = serviceProcess(import.meta.resolve('./crash/main.ts'), {
      ...keys.env,
      DATABASE_URL: database.url,
      KAFKA_BROKERS: stack.kafka.brokers.join(','),
      KAFKA_USERNAME: stack.kafka.admin.username,
      KAFKA_PASSWORD: stack.kafka.admin.password,
      SCHEMA_REGISTRY_URL: stack.registry.url,
      ATLAS_NAMESPACE: world.namespace,
      // short, because the group waits for a killed member until its session ends
      KAFKA_SESSION_SECONDS: '6',
      ...other,
    });
    running.push(one);
    return one;
  };
  const left = () => database.query('SELECT ce_id FROM atlas_outbox');
  return {
    world,
    database,
    start,
    killed: async (failpoint, other = {}) => {
      const one = start({ ATLAS_FAILPOINT: failpoint, ...other });
      expect((await one.ended).signal).toBe('SIGKILL');
    },
    left,
    published: async (topic, key) => {
      await until(async () => expect(await left()).toEqual([]));
      return (await world.records(topic, ofKey(key), 1)).map(({ headers }) => String(headers?.['ce_id']));
    },
    [Symbol.asyncDispose]: async () => {
      for (const one of running) one.child.kill('SIGKILL');
      await Promise.all(running.map((one) => one.ended));
      await world.stop();
    },
  };
}

async function sell(one: ServiceProcess): Promise<number | 'cut'> {
  const { url } = await one.listening;
  const answer = await fetch(`${url}/v1/shows/crash/bookings`, {
    method: 'POST',
    headers: { authorization: keys.authorization, 'content-type': 'application/json', 'idempotency-key': 'k-1' },
    body: '{"seats":1}',
  }).catch(() => undefined);
  return answer?.status ?? 'cut';
}

const until = (check: () => Promise<void>): Promise<void> => vi.waitFor(check, eventually);

describe.concurrent('a command whose process is killed', () => {
  it('between commit and publish keeps the event and the response: after a restart the event arrives once', async () => {
    await using here = await scene();
    // without a registry, nothing is published before the kill
    const first = here.start({ ATLAS_FAILPOINT: 'after-commit', SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1' });
    expect(await sell(first)).toBe('cut');
    expect((await first.ended).signal).toBe('SIGKILL');
    const committed = await here.left();
    expect(committed).toHaveLength(1);
    const second = here.start();
    expect(await sell(second)).toBe(201);
    expect(new Set(await here.published(SALES, 'crash'))).toEqual(new Set([committed[0]?.['ce_id']]));
  });

  it('before the commit leaves nothing, and the same request succeeds later', async () => {
    await using here = await scene();
    const first = here.start({ ATLAS_FAILPOINT: 'before-commit' });
    expect(await sell(first)).toBe('cut');
    expect((await first.ended).signal).toBe('SIGKILL');
    expect(await here.left()).toEqual([]);
    expect(await sell(here.start())).toBe(201);
    expect(new Set(await here.published(SALES, 'crash')).size).toBe(1);
  });
});

describe.concurrent('a relay that is killed', () => {
  it.each<[Failpoint, number]>([
    ['after-claim', 1],
    ['after-ack', 2],
    ['after-delete', 1],
  ])('%s publishes the event, and at most a copy of it', async (failpoint, copies) => {
    await using here = await scene();
    const [id] = await here.world.commit(here.database, [{ type: 'SeatSold', data: { showId: 'relay', seat: 1 } }]);
    await here.killed(failpoint);
    await here.start().listening;
    const ids = await here.published(SALES, 'relay');
    expect(new Set(ids)).toEqual(new Set([id]));
    // there may be one more if the machine was too slow for the lease
    expect(ids.length).toBeGreaterThanOrEqual(copies);
  });
});

describe.concurrent.each(FORMS)('a consumer of events %s that is killed', (READS) => {
  const seats = (...numbers: readonly number[]) =>
    numbers.map((seat) => ({ type: 'SeatSold', data: { showId: 'reader', seat } }));

  it.each<Failpoint>(['after-inbox-insert', 'after-consume-commit', 'after-offset-commit'])(
    '%s applies each event once',
    async (failpoint) => {
      await using here = await scene();
      await here.world.commit(here.database, seats(1, 2));
      await here.killed(failpoint, { READS });
      await here.start({ READS }).listening;
      await here.world.commit(here.database, seats(3));
      const taken = () => here.database.query('SELECT seat FROM effect ORDER BY n');
      await until(async () => expect(await taken()).toEqual([{ seat: 1 }, { seat: 2 }, { seat: 3 }]));
    },
  );

  it('after-dead-letter writes one dead letter, which arrives', async () => {
    await using here = await scene();
    await here.world.commit(here.database, [{ type: 'SeatSold', data: { showId: 'dead', seat: 13 } }]);
    await here.killed('after-dead-letter', { READS });
    await here.start({ READS }).listening;
    expect(new Set(await here.published(DLQ, 'dead')).size).toBe(1);
    expect(await here.database.query('SELECT consumer, reason FROM atlas_dead')).toEqual([
      { consumer: 'onSeatSold', reason: 'failed' },
    ]);
    expect(await here.database.query('SELECT seat FROM effect')).toEqual([]);
  });
});

describe.concurrent('an instance that is killed', () => {
  const LATER = { LATER: '1' };
  const notes = async (here: Scene): Promise<readonly unknown[]> =>
    (await here.database.query('SELECT show_id FROM effect ORDER BY n')).map((row) => row['show_id']);
  /** A claim of a killed instance ends by itself. Here it is ended at once, so that the test need not wait. */
  const endClaims = (here: Scene) => here.database.query('UPDATE atlas_timer SET claimed_until = now()');
  const empty = (here: Scene) =>
    until(async () => expect(await here.database.query('SELECT FROM atlas_timer')).toEqual([]));

  it.each<Failpoint>(['after-timer-claim', 'after-timer-commit'])('%s fires the timer once', async (failpoint) => {
    await using here = await scene();
    await ask(here.database.url, {
      timers: [{ set: 'holdExpiry', key: 'a-1', at: new Date(), data: { seat: 'a-1' } }],
    });
    await here.killed(failpoint, LATER);
    await endClaims(here);
    await here.start(LATER).listening;
    await empty(here);
    expect(await notes(here)).toEqual(['fired a-1']);
  });

  it.each<[Failpoint, number]>([
    ['after-timer-claim', 1],
    ['after-effect-perform', 2],
    ['after-effect-settle', 1],
  ])('%s settles the effect once, and calls the outside with one idempotency key', async (failpoint, calls) => {
    await using here = await scene();
    await ask(here.database.url, { effects: [{ start: 'chargeCard', key: 'a-1', data: { seat: 'a-1', cents: 100 } }] });
    await here.killed(failpoint, LATER);
    await endClaims(here);
    await here.start(LATER).listening;
    await empty(here);
    const all = await notes(here);
    const called = all.filter((note) => String(note).startsWith('called '));
    expect(called).toHaveLength(calls);
    expect(new Set(called).size).toBe(1);
    expect(all.filter((note) => !called.includes(note))).toEqual(['settled a-1']);
  });
});
