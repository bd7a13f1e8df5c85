import { readStack } from '@atlas/stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startReplay, type Mark, type Replay } from '../../src/service/replay.ts';
import { serviceEnv } from '../../src/service/index.ts';
import { recordingLog } from '../boxOffice.ts';
import { takeSeat } from '../messaging/forms.ts';
import { openHall, openOffice, sold, until, type Halls } from '../messaging/hall.ts';
import { hall } from '../messaging/tickets.ts';
import type { AnyConsumer } from '../../src/contract/service.ts';

const COPIED = [
  'effect',
  'atlas_inbox',
  'atlas_fence',
  'atlas_parked_key',
  'atlas_parked',
  'atlas_dead',
  'atlas_outbox',
];

let shared: Awaited<ReturnType<typeof openOffice>>;
let halls: Halls;
let made = 0;

beforeAll(async () => {
  shared = await openOffice();
  halls = await openHall(shared);
  await halls.open();
});
afterAll(async () => {
  await halls.close();
  await shared.world.stop();
});

/** Makes empty copies of the tables in a schema, as a rebuild does. */
async function copies(): Promise<string> {
  const schema = `again_${(made += 1)}`;
  await halls.query(`CREATE SCHEMA ${schema}`);
  for (const table of [...COPIED, 'atlas_sequence', 'atlas_schema'])
    await halls.query(`CREATE TABLE ${schema}.${table} (LIKE public.${table} INCLUDING ALL)`);
  await halls.query(`GRANT USAGE ON SCHEMA ${schema} TO PUBLIC`);
  await halls.query(`GRANT ALL ON ALL TABLES IN SCHEMA ${schema} TO PUBLIC`);
  return schema;
}

async function replayInto(schema: string, handle: AnyConsumer['handle'] = takeSeat): Promise<Replay> {
  const stack = readStack();
  if (!stack) throw new Error('no stack: run `make up` first');
  const env = serviceEnv({
    DATABASE_URL: halls.database.url,
    KAFKA_BROKERS: stack.kafka.brokers.join(','),
    KAFKA_USERNAME: stack.kafka.admin.username,
    KAFKA_PASSWORD: stack.kafka.admin.password,
    SCHEMA_REGISTRY_URL: stack.registry.url,
    PORT: '0',
    ADMIN_PORT: '0',
    ATLAS_NAMESPACE: shared.world.namespace,
    AUTH_ISSUER: 'nobody',
    AUTH_JWKS_FILE: 'none',
  });
  return startReplay(
    { ...hall, service: halls.service, document: undefined, operations: [], migrations: new URL('file:///') },
    { env, consumers: { onSeatSold: handle }, schema, name: schema, log: recordingLog([]) },
  );
}

const seats = (schema: string) => halls.query(`SELECT show_id, seat FROM ${schema}.effect ORDER BY show_id, seat, n`);
const forever = new AbortController().signal;
const total = (marks: readonly Mark[]): bigint => marks.reduce((sum, { next }) => sum + next, 0n);

describe('a replay', () => {
  it('repeats the effects of all events before its limits, and of none after them', async () => {
    const shows = ['a', 'b', 'c', 'd', 'e', 'f'];
    await halls.sell(...shows.flatMap((show) => [1, 2, 3].map((seat) => sold(`replayed ${show}`, seat))));
    await until(async () => expect(await seats('public')).toHaveLength(18));
    const schema = await copies();
    const replay = await replayInto(schema);
    const first = await replay.ends();
    await halls.sell(...shows.map((show) => sold(`replayed ${show}`, 4)));
    await until(async () => expect(await seats('public')).toHaveLength(24));
    await replay.reach(first, forever);
    expect(total(replay.marks())).toBe(total(first));
    const all = await seats('public');
    expect(await seats(schema)).toEqual(all.filter(({ seat }) => seat !== 4));
    await replay.reach(await replay.ends(), forever);
    expect(await seats(schema)).toEqual(all);
    // the service's own group and tables have not changed
    expect(await seats('public')).toEqual(all);
    await replay.stop();
  });

  it('publishes nothing: events of its handlers stay in the copy of the outbox', async () => {
    const schema = await copies();
    const replay = await replayInto(schema);
    await replay.reach(await replay.ends(), forever);
    const [counted] = await halls.query(`SELECT count(*)::integer AS events FROM ${schema}.atlas_outbox`);
    expect(counted).toEqual({ events: 24 });
    await replay.stop();
  });

  it('parks an event that cannot be applied, and goes on with those of other keys', async () => {
    const schema = await copies();
    const replay = await replayInto(schema, async (input, tx) => {
      if (input.meta.sequence === 2n && JSON.stringify(input.data).includes('replayed b')) throw new Error('no');
      return takeSeat(input, tx);
    });
    await replay.reach(await replay.ends(), forever);
    const found = await seats(schema);
    expect(found).toHaveLength(21);
    expect(found.filter(({ show_id: show }) => show === 'replayed b')).toEqual([{ show_id: 'replayed b', seat: 1 }]);
    await replay.stop();
  });

  it('waits until somebody aborts it if there is nothing to read', async () => {
    const replay = await replayInto(await copies());
    const beyond = (await replay.ends()).map((mark) => ({ ...mark, next: mark.next + 1n }));
    const reached = replay.reach(beyond, AbortSignal.timeout(2_000));
    await expect(reached).rejects.toMatchObject({ name: 'TimeoutError' });
    await replay.stop();
  });
});
