import { readStack } from '@atlas/stack';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Failpoint } from '../src/core/failpoint.ts';
import { serviceProcess, type ServiceProcess } from './serviceProcess.ts';
import { signer, type Signer } from './signer.ts';
import type { TestDatabase } from './testDatabase.ts';
import { DLQ, SALES } from './messaging/tickets.ts';
import { eventually, ofKey, openWorld, type World } from './messaging/world.ts';

/** Processes that are killed with SIGKILL at a failpoint, and started again. */

let world: World;
let database: TestDatabase;
let keys: Signer;
const running: ServiceProcess[] = [];

beforeAll(async () => {
  keys = await signer();
});
afterAll(() => keys.close());
// a world each, for the next process joins the group of the killed one only when that one's session is over
beforeEach(async () => {
  world = await openWorld();
  database = await world.database();
});
afterEach(async () => {
  for (const one of running.splice(0)) one.child.kill('SIGKILL');
  await world.stop();
});

function start(other: Readonly<Record<string, string>> = {}): ServiceProcess {
  const stack = readStack();
  if (!stack) throw new Error('no stack: run `make up` first');
  const one = serviceProcess(import.meta.resolve('./crash/main.ts'), {
    ...keys.env,
    DATABASE_URL: database.url,
    KAFKA_BROKERS: stack.kafka.brokers.join(','),
    KAFKA_USERNAME: stack.kafka.admin.username,
    KAFKA_PASSWORD: stack.kafka.admin.password,
    SCHEMA_REGISTRY_URL: stack.registry.url,
    ATLAS_NAMESPACE: world.namespace,
    ...other,
  });
  running.push(one);
  return one;
}

async function killed(failpoint: Failpoint, other: Readonly<Record<string, string>> = {}): Promise<void> {
  const one = start({ ATLAS_FAILPOINT: failpoint, ...other });
  expect((await one.ended).signal).toBe('SIGKILL');
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

const left = () => database.query('SELECT ce_id FROM atlas_outbox');
const until = (check: () => Promise<void>) => expect.poll(() => check().then(() => 'holds'), eventually).toBe('holds');

/** Ids of what is in a topic under the key, copies and all. */
async function published(topic: string, key: string): Promise<readonly string[]> {
  await until(async () => expect(await left()).toEqual([]));
  return (await world.records(topic, ofKey(key), 1)).map(({ headers }) => String(headers?.['ce_id']));
}

describe('a command whose process is killed', () => {
  it('between commit and publish: started again, the event arrives once, and the answer is still there', async () => {
    // without a registry nothing is published before the end
    const first = start({ ATLAS_FAILPOINT: 'after-commit', SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1' });
    expect(await sell(first)).toBe('cut');
    expect((await first.ended).signal).toBe('SIGKILL');
    const committed = await left();
    expect(committed).toHaveLength(1);
    const second = start();
    expect(await sell(second)).toBe(201);
    expect(await published(SALES, 'crash')).toEqual([committed[0]?.['ce_id']]);
  });

  it('before the commit: nothing is left of it, and asked again it happens', async () => {
    const first = start({ ATLAS_FAILPOINT: 'after-insert' });
    expect(await sell(first)).toBe('cut');
    expect((await first.ended).signal).toBe('SIGKILL');
    expect(await left()).toEqual([]);
    expect(await sell(start())).toBe(201);
    expect(await published(SALES, 'crash')).toHaveLength(1);
  });
});

describe('a relay that is killed', () => {
  it.each<[Failpoint, number]>([
    ['after-claim', 1],
    ['after-ack', 2],
    ['after-delete', 1],
  ])('%s publishes the event, and at worst a copy of it', async (failpoint, copies) => {
    const [id] = await world.commit(database, [{ type: 'SeatSold', data: { showId: 'relay', seat: 1 } }]);
    await killed(failpoint);
    await start().listening;
    const ids = await published(SALES, 'relay');
    expect(ids).toEqual(Array.from({ length: copies }, () => id));
  });
});

describe('a consumer that is killed', () => {
  it.each<Failpoint>(['after-inbox-insert', 'after-consume-commit', 'after-offset-commit'])(
    '%s gives the event its effect once',
    async (failpoint) => {
      await world.commit(database, [{ type: 'SeatSold', data: { showId: 'reader', seat: 1 } }]);
      await killed(failpoint, { READS: '1' });
      await start({ READS: '1' }).listening;
      await world.commit(database, [{ type: 'SeatSold', data: { showId: 'reader', seat: 2 } }]);
      const seats = () => database.query('SELECT seat FROM effect ORDER BY n');
      await until(async () => expect(await seats()).toEqual([{ seat: 1 }, { seat: 2 }]));
    },
  );

  it('after-dead-letter writes one dead letter, which arrives', async () => {
    await world.commit(database, [{ type: 'SeatSold', data: { showId: 'dead', seat: 13 } }]);
    await killed('after-dead-letter', { READS: '1' });
    await start({ READS: '1' }).listening;
    expect(new Set(await published(DLQ, 'dead')).size).toBe(1);
    expect(await database.query('SELECT consumer, reason FROM atlas_dead')).toEqual([
      { consumer: 'onSeatSold', reason: 'failed' },
    ]);
    expect(await database.query('SELECT seat FROM effect')).toEqual([]);
  });
});
