import { openFeed } from '../consumer/feed.ts';
import { startReadModel } from '../consumer/ours.ts';
import { openGround, type Ground } from '../ground.ts';
import { compared, interleave, type Contender } from '../measure.ts';
import type { Row } from '../row.ts';

const ROUNDS = 7;
const WARMUP = 1;
const MAX = 500;

const FORMS = [
  { name: 'sets', topic: 'sets', max: MAX, events: 30_000 },
  { name: 'one event per transaction', topic: 'singles', max: undefined, events: 3_000 },
] as const;

/** A read model that is built again from its topic, with `x-atlas-batch` and without. */
export const setsRow: Row = {
  id: 'sets',
  about: 'a read model built from its topic: sets of events against one event per transaction',
  needsStack: true,
  run: async (measuring) => {
    const ground = await openGround({
      topics: FORMS.map(({ topic }) => topic),
      migrations: new URL('../consumer/migrations/', import.meta.url),
    });
    try {
      const contenders = FORMS.map((form) => building(ground, form));
      const [ours, ...peers] = contenders;
      if (!ours) throw new Error('there is nothing to measure');
      const title = `read model: sets of at most ${MAX}`;
      const beforeRound = measuring(title);
      const comparison = await interleave(ours, peers, { rounds: ROUNDS, warmup: WARMUP, beforeRound });
      const [own, ...others] = contenders.map(({ name, micros }) => ({ name, values: micros.slice(WARMUP) }));
      return [
        {
          title,
          unit: 'events/s',
          comparison,
          note: 'the same handler of three statements that write sets of rows: orders, timelines and sales of 1,000 products; 30,000 events, or 3,000 one by one, that wait in three partitions; one process beside Postgres and Kafka',
        },
        {
          title: 'read model: processor time per event',
          unit: 'µs',
          comparison: compared(own ?? { name: ours.name, values: [] }, others),
          note: "of the consumer's process, without Postgres and Kafka",
        },
      ];
    } finally {
      await ground.clear();
    }
  },
};

interface Building extends Contender {
  /** Processor time per event of each run. */
  readonly micros: readonly number[];
}

/** Each run first sends events, and then consumes them, as a rebuild does. */
function building(ground: Ground, { name, topic, max, events }: (typeof FORMS)[number]): Building {
  const micros: number[] = [];
  return {
    name,
    micros,
    run: async () => {
      const feed = await openFeed(ground, topic);
      await feed.send(events);
      const consumer = await startReadModel(ground, { topic, max });
      try {
        const { eventsPerSecond, microsPerEvent } = await feed.measure(consumer.applied, events, async () => {});
        micros.push(microsPerEvent);
        return eventsPerSecond;
      } finally {
        await consumer.stop();
        await feed.stop();
      }
    },
  };
}
