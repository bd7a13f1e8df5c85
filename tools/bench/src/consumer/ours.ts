import { kafkajsPort } from '@atlas/runtime/internal/kafka';
import { startMessaging } from '@atlas/runtime/internal/messaging';
import { registryPort } from '@atlas/runtime/internal/registry';
import { rows, slonikOf, slonikStore, txOf } from '@atlas/runtime/slonik';
import type { AnyEventInput } from '@atlas/runtime';
import { sql } from 'slonik';
import type { Ground } from '../ground.ts';
import { CLOCK, counting, SILENT, type Tally } from '../messaging.ts';
import { reserve, type Order, type Run } from './reserve.ts';

/** A consumer that runs. */
export interface RunningConsumer {
  readonly applied: Pick<Tally, 'after'>;
  stop(): Promise<void>;
}

/** The consumer of a service: `startMessaging` with a contract of one consumer, and its handler on slonik. */
export async function startOurs({ info, namespace, databaseUrl, message }: Ground): Promise<RunningConsumer> {
  const store = slonikStore(databaseUrl);
  const { metrics, after } = counting('atlas_inbox_applied_total');
  const messaging = await startMessaging({
    contract: {
      service: 'bench',
      messages: [],
      consumers: [
        {
          name: 'onOrderPlaced',
          message,
          emits: [[]],
          retry: { retries: 5, baseMs: 200, capMs: 30_000, onDead: 'hold' },
        },
      ],
      dlqTopic: 'atlas.bench.dlq.v1',
    },
    store,
    kafka: kafkajsPort({ brokers: info.kafka.brokers, ...info.kafka.admin, clientId: 'bench', log: SILENT }),
    registry: registryPort({ url: info.registry.url }),
    clock: CLOCK,
    namespace,
    handlers: {
      onOrderPlaced: async ({ data }: AnyEventInput, tx) => {
        const db = slonikOf(tx);
        const run: Run = async (name, text, values) => {
          const token = { ...sql.unsafe`SELECT`, name, sql: text, values, parser: rows<unknown>() };
          return (await db.query(token)).rows;
        };
        // cast: the decoder gives what the schema of OrderPlaced says
        await reserve(run, data as Order);
        return { events: [] };
      },
    },
    txOf,
    log: SILENT,
    metrics,
  });
  return {
    applied: { after },
    stop: async () => {
      await messaging.stop();
      await store.close();
    },
  };
}
