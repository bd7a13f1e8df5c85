import { startByHand } from '../consumer/byHand.ts';
import { openFeed } from '../consumer/feed.ts';
import { startOurs, type RunningConsumer } from '../consumer/ours.ts';
import { openGround, type Ground } from '../ground.ts';
import { compared, interleave, type Contender } from '../measure.ts';
import type { Row } from '../row.ts';

const ROUNDS = 7;
const WARMUP = 1;
const EVENTS = 2_000;

const PEERS = [
  { name: 'by hand', topic: 'by-hand', partitionsAtOnce: 1 },
  { name: 'by hand, three partitions at once', topic: 'by-hand-3', partitionsAtOnce: 3 },
] as const;

/** A service's consumer, against one that is written by hand with kafkajs and pg. Both have the same handler. */
export const consumerRow: Row = {
  id: 'consumer',
  about: 'a consumer, against one written by hand with kafkajs and pg',
  needsStack: true,
  run: async (measuring) => {
    const ground = await openGround({
      topics: PEERS.map(({ topic }) => topic),
      migrations: new URL('../consumer/migrations/', import.meta.url),
    });
    const contenders: Consuming[] = [];
    try {
      const ours = await consuming(ground, 'consumer', ground.message.topic, await startOurs(ground));
      contenders.push(ours);
      for (const { name, topic, partitionsAtOnce } of PEERS)
        contenders.push(await consuming(ground, name, topic, await startByHand(ground, { topic, partitionsAtOnce })));
      const title = 'consumer: 2,000 events';
      const peers = contenders.slice(1);
      const comparison = await interleave(ours, peers, {
        rounds: ROUNDS,
        warmup: WARMUP,
        beforeRound: measuring(title),
      });
      const costs = contenders.map(({ name, micros }) => ({ name, values: micros.slice(WARMUP) }));
      const note =
        'one transaction per event with an inbox and the same handler of five statements, one process, three partitions, 1,000 rows of stock; ours also fences, orders and parks keys';
      return [
        { title, unit: 'events/s', comparison, note },
        {
          title: 'consumer: processor time per event',
          unit: 'µs',
          comparison: compared(costs[0] ?? { name: ours.name, values: [] }, costs.slice(1)),
          note: "of the consumer's process, without Postgres and Kafka; the handler of ours runs on slonik, that of the peers on pg",
        },
      ];
    } finally {
      for (const { stop } of contenders) await stop();
      await ground.clear();
    }
  },
};

interface Consuming extends Contender {
  /** Processor time per event of each run. */
  readonly micros: readonly number[];
  readonly stop: () => Promise<void>;
}

async function consuming(ground: Ground, name: string, topic: string, consumer: RunningConsumer): Promise<Consuming> {
  const feed = await openFeed(ground, topic);
  const micros: number[] = [];
  return {
    name,
    micros,
    run: async () => {
      const { eventsPerSecond, microsPerEvent } = await feed.measure(consumer.applied, EVENTS, () => feed.send(EVENTS));
      micros.push(microsPerEvent);
      return eventsPerSecond;
    },
    stop: async () => {
      await feed.stop();
      await consumer.stop();
    },
  };
}
