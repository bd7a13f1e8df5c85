import { sql } from 'slonik';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { rows, slonikOf } from '../../src/adapters/slonik/index.ts';
import type { AnyConsumer } from '../../src/contract/service.ts';
import type { Ctx, Meta, Tx } from '../../src/contract/handler.ts';
import { framed } from '../../src/messaging/frame.ts';
import type { TestDatabase } from '../testDatabase.ts';
import { boxOffice, DLQ, DOORS, hall, SALES, seatOf, seatSold } from './tickets.ts';
import { openWorld, type Instance, type World } from './world.ts';

let world: World;
let sales: TestDatabase;
let seats: TestDatabase;
let office: Instance;
const running: Instance[] = [];

beforeAll(async () => {
  world = await openWorld();
  sales = await world.database();
  office = await world.start({ contract: boxOffice, database: sales });
});
afterAll(() => world.stop());
beforeEach(async () => {
  seats = await world.database();
});
afterEach(async () => {
  for (const instance of running.splice(0)) await instance.stop();
});

async function open(handle: AnyConsumer['handle'] = takeSeat, service = `hall-${Math.random().toString(36).slice(2)}`) {
  const instance = await world.start({
    contract: { ...hall, service },
    database: seats,
    consumers: { onSeatSold: handle },
  });
  running.push(instance);
  return instance;
}

const seen: { readonly meta: Meta; readonly ctx: Ctx }[] = [];

async function takeSeat({ data, meta }: { readonly data: unknown; readonly meta: Meta }, ctx: Ctx, tx: Tx) {
  const { showId, seat } = seatOf(data);
  seen.push({ meta, ctx });
  await slonikOf(tx).query(
    sql.prepared('take_effect', rows<never>())`INSERT INTO effect (show_id, seat) VALUES (${showId}, ${seat})`,
  );
  return { events: [{ type: 'DoorOpened', data: { showId, seat } }] };
}

const sold = (showId: string, seat: number) => ({ type: 'SeatSold', data: { showId, seat } });

async function sell(...events: ReturnType<typeof sold>[]) {
  const ids = await world.commit(sales, events);
  office.messaging.wake();
  return ids;
}

function effects(show: string) {
  return seats
    .query('SELECT seat FROM effect WHERE show_id = $1 ORDER BY n', [show])
    .then((found) => found.map(({ seat }) => seat));
}

describe('a consumer', () => {
  it('applies each event once, in order per key, and passes on who and why', async () => {
    const show = 'once';
    const [id] = await sell(sold(show, 1), sold(show, 2), sold(show, 3));
    const instance = await open();
    await vi.waitFor(async () => expect(await effects(show)).toEqual([1, 2, 3]), { timeout: 10_000 });
    expect(seen.at(-1)?.meta).toMatchObject({
      type: 'tickets.boxoffice.SeatSold',
      sequence: 3n,
      attempt: 1,
      topic: SALES,
    });
    expect(seen.at(-1)?.ctx).toMatchObject({ actor: { id: 'kim', roles: [] }, correlationId: 'correlation-1' });
    const doors = await world.records(DOORS, 3);
    const first = doors.find(({ headers }) => String(headers?.['ce_causationid']) === id);
    expect(String(first?.headers?.['ce_correlationid'])).toBe('correlation-1');
    expect(String(first?.headers?.['ce_actorid'])).toBe('kim');
    expect(await instance.metric('atlas_inbox_applied_total')).toBe(3);
  });

  it('gives bytes that are none to the dead letters as they came, and goes on', async () => {
    const show = 'poison';
    const headers = { ce_type: seatSold.type, ce_id: 'garbage-1', ce_correlationid: 'c-9' };
    const instance = await open();
    await send(show, Buffer.from('no avro'), headers);
    await sell(sold(show, 1));
    await vi.waitFor(async () => expect(await effects(show)).toEqual([1]), { timeout: 10_000 });
    const [letter] = await world.records(DLQ, 1);
    expect(letter?.value?.toString()).toBe('no avro');
    expect(letter?.key?.toString()).toBe(show);
    expect(String(letter?.headers?.['kafka_dlt-original-topic'])).toBe(world.namespace + SALES);
    expect(await instance.metric('atlas_dead_letters_total{reason="undecodable"')).toBe(1);
    void framed;
  });
});

async function send(key: string, value: Buffer, headers: Record<string, string>) {
  const producer = world.kafka.producer();
  await producer.connect();
  await producer.send({ topic: world.namespace + SALES, messages: [{ key, value, headers }] });
  await producer.disconnect();
}
