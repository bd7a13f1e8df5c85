import { expect, it } from 'vitest';
import { openHall, openOffice, sold, until } from './hall.ts';
import { boxOffice, SALES } from './tickets.ts';

const numbers = (count: number, from: number) => Array.from({ length: count }, (_, index) => from + index);
const shows = numbers(20, 1).map((number) => `show ${number}`);

it('a topic gets more partitions as the runbook says, and no key loses its order', async () => {
  const { world, sales, office } = await openOffice();
  const halls = await openHall({ world, sales, office });
  const topic = world.namespace + SALES;
  const sell = (from: number) =>
    halls.sell(...numbers(20, from).flatMap((seat) => shows.map((show) => sold(show, seat))));
  const before = await halls.open({ watch: { lookEveryMs: 50 } });
  await sell(1);
  // 1. wait until nothing is left to publish, and consumers have no lag
  await until(async () => expect(await sales.query('SELECT FROM atlas_outbox')).toEqual([]));
  await office.stop();
  await until(async () => expect(await halls.seats('show 1')).toHaveLength(20));
  await until(async () => expect(await before.metric('atlas_consumer_lag')).toBe(0));
  // 2. create the partitions
  await world.admin.createPartitions({ topicPartitions: [{ topic, count: 7 }] });
  // 3. restart the consumers first, then the producer
  await before.stop();
  const after = await halls.open();
  await world.start({ contract: boxOffice, database: sales });
  await sell(21);
  for (const show of shows) await until(async () => expect(await halls.seats(show)).toEqual(numbers(40, 1)));
  const used = await halls.query('SELECT count(*)::int AS n FROM atlas_fence WHERE next_offset > 0');
  expect(used[0]?.['n']).toBeGreaterThan(3);
  expect(await after.metric('atlas_sequence_broken_total')).toBe(0);
  expect(await after.metric('atlas_consumer_offset_mismatch_total')).toBe(0);
  await halls.close();
  await world.stop();
});
