import { contract } from '@atlas/generated-orders';
import { kafkajsPort } from '@atlas/runtime/internal/kafka';
import { startMessaging, type MessagingOptions } from '@atlas/runtime/internal/messaging';
import { registryPort } from '@atlas/runtime/internal/registry';
import { slonikStore, txOf } from '@atlas/runtime/slonik';
import type { Ground } from '../ground.ts';
import { CLOCK, counting, SILENT } from '../messaging.ts';

const FILL = {
  name: 'bench_fill',
  text: `INSERT INTO atlas_outbox (topic, key, sequence, body, fingerprint, ce_id, ce_type, correlation_id, actor_id, traceparent, occurred_at)
SELECT $1, convert_to('key-' || n % 1000, 'UTF8'), 1 + n / 1000, $2, $3, uuidv7(), $4, uuidv7()::text, 'kim', $5, now()
FROM generate_series(1, $6::integer) AS n`,
};

export const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

const EMPTY = { name: 'bench_empty', text: 'SELECT NOT EXISTS (SELECT FROM atlas_outbox) AS empty' };

/** A running relay. `eventsPerSecond` measures how fast it empties an outbox of `count` rows written by one commit. */
export interface Drain {
  eventsPerSecond(count: number): Promise<number>;
  stop(): Promise<void>;
}

export async function startDrain({ info, namespace, databaseUrl, message }: Ground, body: Uint8Array): Promise<Drain> {
  const store = slonikStore(databaseUrl);
  const published = counting('atlas_outbox_published_total');
  const messaging = await startMessaging({
    contract: { ...contract, consumers: [] },
    store,
    kafka: kafkajsPort({ brokers: info.kafka.brokers, ...info.kafka.admin, clientId: 'bench', log: SILENT }),
    registry: registryPort({ url: info.registry.url }),
    clock: CLOCK,
    namespace,
    handlers: {},
    txOf,
    log: SILENT,
    metrics: published.metrics,
  });
  const { topic, fingerprint, type } = message;
  return {
    eventsPerSecond: async (count) => {
      const all = published.after(count);
      await store.transaction((session) => session.query(FILL, [topic, body, fingerprint, type, TRACEPARENT, count]));
      const started = performance.now();
      messaging.wake({ events: true, timers: false, effects: false });
      await all;
      // The last batch is acknowledged, but deleting its rows is part of the work too.
      while (!(await isEmpty(store))) continue;
      return (count * 1_000) / (performance.now() - started);
    },
    stop: async () => {
      await messaging.stop();
      await store.close();
    },
  };
}

async function isEmpty(store: MessagingOptions['store']): Promise<boolean> {
  const [row] = await store.read((session) => session.query<{ empty: boolean }>(EMPTY, []));
  return row?.empty === true;
}
