import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freshnessOf, readOf, slonikOf, slonikStore } from '../../src/adapters/slonik/index.ts';
import { partitionOf } from '../../src/record/murmur2.ts';
import { FORMS } from './forms.ts';
import { openHall, openOffice, returned, sold, until, watched, type Halls } from './hall.ts';
import { hall, SALES } from './tickets.ts';

let shared: Awaited<ReturnType<typeof openOffice>>;
let halls: Halls;

const watch = { lookEveryMs: 50 };
const PARTITIONS = [0, 1, 2];
const partitionOfKey = (key: string): number => partitionOf(Buffer.from(key), PARTITIONS.length, 0n);

async function freshness(): ReturnType<typeof freshnessOf> {
  const store = slonikStore(halls.database.url);
  try {
    return await store.read((session) =>
      freshnessOf(slonikOf(readOf(session)), { service: halls.service, consumers: hall.consumers }),
    );
  } finally {
    await store.close();
  }
}

/** The instants of the partitions. */
async function instants(): Promise<readonly Date[]> {
  const found = await halls.query('SELECT as_of FROM atlas_fence ORDER BY partition');
  return found.map(({ as_of: asOf }) => {
    if (asOf instanceof Date) return asOf;
    throw new Error('no instant');
  });
}

/** The time of the database, by which all instants are measured. */
async function now(): Promise<Date> {
  const [row] = await halls.query('SELECT clock_timestamp() AS now');
  if (row?.['now'] instanceof Date) return row['now'];
  throw new Error('no time');
}

/** Waits until the partitions are consumed up to now. */
async function upToNow(partitions: readonly number[] = PARTITIONS): Promise<void> {
  const instant = await now();
  await until(async () => {
    const found = await instants();
    for (const partition of partitions) expect(found[partition]?.getTime()).toBeGreaterThan(instant.getTime());
  });
}

/** Waits until the instant of one partition does not advance while those of the others do. */
async function standsStill(partition: number): Promise<void> {
  const others = PARTITIONS.filter((one) => one !== partition);
  await upToNow(others);
  const before = (await instants())[partition];
  await upToNow(others);
  expect((await instants())[partition]).toEqual(before);
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

  describe('the freshness of a consumer', () => {
    it('is 1970 before the consumer has run', async () => {
      expect(await freshness()).toEqual([{ topic: SALES, asOf: new Date(0), partitions: 0, consumed: 0n }]);
    });

    it('follows the time, with and without events, and says how many records are consumed', async () => {
      await halls.open({ watch });
      await upToNow();
      const [before] = await freshness();
      expect(before).toMatchObject({ topic: SALES, partitions: PARTITIONS.length });
      await halls.sell(sold('fresh', 1), sold('fresh', 2));
      await until(async () => expect(await halls.seats('fresh')).toEqual([1, 2]));
      await upToNow();
      const [after] = await freshness();
      expect(after?.asOf.getTime()).toBeGreaterThan(before?.asOf.getTime() ?? Infinity);
      await until(async () => expect((await freshness())[0]?.consumed).toBe((before?.consumed ?? 0n) + 2n));
    });

    it('also includes events of types that the consumer does not read', async () => {
      await halls.open({ watch });
      await halls.sell(returned('not read', 1));
      await upToNow();
      expect((await freshness())[0]?.consumed).toBeGreaterThan(0n);
    });

    it('does not advance while an event is being consumed, and advances after it', async () => {
      const go = Promise.withResolvers<void>();
      const { handle, calls } = watched(async ({ showId }) => {
        if (showId === 'slow') await go.promise;
      });
      await halls.open({ handle, watch });
      await halls.sell(sold('slow', 1));
      await until(() => expect(calls.map(({ showId }) => showId)).toContain('slow'));
      await standsStill(partitionOfKey('slow'));
      go.resolve();
      await upToNow();
    });

    it('does not advance beyond the first event of a parked key, although the events of other keys are applied', async () => {
      let fails = true;
      const { handle } = watched(({ showId }) => {
        if (fails && showId === 'parked') throw new Error('not now');
      });
      await halls.open({ handle, retry: { retries: 1_000 }, watch });
      await upToNow();
      await halls.sell(sold('parked', 1));
      await until(async () => expect(await halls.query('SELECT FROM atlas_parked_key')).toHaveLength(1));
      const [queued] = await halls.query('SELECT partition, occurred_at FROM atlas_parked');
      await standsStill(partitionOfKey('parked'));
      const stands = (await instants())[partitionOfKey('parked')];
      expect(queued).toEqual({ partition: partitionOfKey('parked'), occurred_at: expect.any(Date) });
      expect(stands?.getTime()).toBeLessThanOrEqual(Number(queued?.['occurred_at']));
      fails = false;
      await until(async () => expect(await halls.seats('parked')).toEqual([1]));
      await upToNow();
    });

    it('does not advance while Kafka does not say where the partitions end', async () => {
      let gone = false;
      await halls.open({
        watch,
        kafka: (port) => ({
          ...port,
          positions: (group, topics) =>
            gone ? Promise.reject(new Error('the broker does not answer')) : port.positions(group, topics),
        }),
      });
      const neighbour = await openHall(shared, form);
      await neighbour.open({ watch });
      await upToNow();
      gone = true;
      await neighboursGoOn(neighbour);
      const before = await instants();
      await neighboursGoOn(neighbour);
      expect(await instants()).toEqual(before);
      gone = false;
      await upToNow();
      await neighbour.close();
    });

    it('does not advance while the consumer is stopped', async () => {
      const neighbour = await openHall(shared, form);
      await neighbour.open({ watch });
      const member = await halls.open({ watch });
      await upToNow();
      await member.stop();
      const before = await freshness();
      await neighboursGoOn(neighbour);
      expect(await freshness()).toEqual(before);
      await neighbour.close();
    });

    it('is right as soon as a member is ready, and includes what came meanwhile long before the second regular look', async () => {
      const rarely = { lookEveryMs: 60_000 };
      const opened = async (): Promise<Instance> => {
        const member = await halls.open({ watch: rarely });
        await until(async () => expect(await checkOf(member)).toEqual({ name: 'consumer', ok: true }));
        return member;
      };
      const first = await opened();
      // the events of other tests are there already
      await upToNow();
      await first.stop();
      const stopped = await now();
      const second = await opened();
      for (const instant of await instants()) expect(instant.getTime()).toBeGreaterThan(stopped.getTime());
      await second.stop();
      await halls.sell(sold('meanwhile', 1));
      await opened();
      await until(async () => expect(await halls.seats('meanwhile')).toEqual([1]));
      await upToNow();
    });

    it('does not believe a timestamp in the future', async () => {
      await halls.open({ watch: { lookEveryMs: 60_000 } });
      const producer = shared.world.kafka.producer();
      await producer.connect();
      const timestamp = String(Date.now() + 3_600_000);
      await producer.send({
        topic: shared.world.namespace + SALES,
        messages: PARTITIONS.map((partition) => ({
          partition,
          value: 'x',
          headers: { ce_type: 'no.such' },
          timestamp,
        })),
      });
      await producer.disconnect();
      const ends = await shared.world.admin.fetchTopicOffsets(shared.world.namespace + SALES);
      const total = ends.reduce((sum, { high }) => sum + BigInt(high), 0n);
      await until(async () => expect((await freshness())[0]?.consumed).toBe(total));
      const limit = await now();
      for (const instant of await instants()) expect(instant.getTime()).toBeLessThanOrEqual(limit.getTime());
    });
  });
});

type Instance = Awaited<ReturnType<Halls['open']>>;

async function checkOf({ messaging }: Instance): Promise<unknown> {
  const checks = await messaging.readiness();
  return checks.find(({ name }) => name === 'consumer');
}

/** Waits until the consumers of another database are fresh: by then, ours would be as well. */
async function neighboursGoOn(neighbour: Halls): Promise<void> {
  const instant = await now();
  await until(async () => {
    const [row] = await neighbour.query('SELECT min(as_of) AS least FROM atlas_fence');
    expect(Number(row?.['least'])).toBeGreaterThan(instant.getTime());
  });
}
