import { contract } from '@atlas/generated-orders';
import type { TimerContract } from '@atlas/runtime';
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

const SET_TIMERS = {
  name: 'bench_set_timers',
  text: `INSERT INTO atlas_timer (kind, name, key, id, due_at, next_at, body, fingerprint, correlation_id, actor_id, traceparent)
SELECT 'timer', $1, 'key-' || n, uuidv7(), now(), now(), $2, $3, uuidv7()::text, 'kim', $4
FROM generate_series(1, $5::integer) AS n`,
};

const NO_EVENTS = { name: 'bench_no_events', text: 'SELECT NOT EXISTS (SELECT FROM atlas_outbox) AS empty' };
const NO_TIMERS = { name: 'bench_no_timers', text: 'SELECT NOT EXISTS (SELECT FROM atlas_timer) AS empty' };

/** A running relay and, if there are any, timers. */
export interface Drain {
  /** How fast the relay empties an outbox of `count` rows that one commit wrote. */
  eventsPerSecond(count: number): Promise<number>;
  /** How fast `count` timers are fired that one commit set and that are due already. */
  timersPerSecond(timer: TimerContract<unknown>, data: unknown, count: number): Promise<number>;
  stop(): Promise<void>;
}

export async function startDrain(
  { info, namespace, databaseUrl, message }: Ground,
  body: Uint8Array,
  timers: readonly TimerContract<unknown>[] = [],
): Promise<Drain> {
  const store = slonikStore(databaseUrl);
  const published = counting('atlas_outbox_published_total');
  const messaging = await startMessaging({
    contract: { ...contract, consumers: [], timers },
    store,
    kafka: kafkajsPort({ brokers: info.kafka.brokers, ...info.kafka.admin, clientId: 'bench', log: SILENT }),
    registry: registryPort({ url: info.registry.url }),
    clock: CLOCK,
    namespace,
    handlers: {},
    timers: Object.fromEntries(timers.map(({ handler }) => [handler, async () => ({ events: [] })])),
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
      messaging.wake({ events: true, timers: undefined, effects: false });
      await all;
      // The last batch is acknowledged, but deleting its rows is part of the work too.
      while (!(await isEmpty(store, NO_EVENTS))) continue;
      return (count * 1_000) / (performance.now() - started);
    },
    timersPerSecond: async ({ name, payload }, data, count) => {
      const values = [name, payload.codec.encode(data), payload.fingerprint, TRACEPARENT, count];
      await store.transaction((session) => session.query(SET_TIMERS, values));
      const started = performance.now();
      messaging.wake({ events: false, timers: new Date(), effects: false });
      while (!(await isEmpty(store, NO_TIMERS))) continue;
      return (count * 1_000) / (performance.now() - started);
    },
    stop: async () => {
      await messaging.stop();
      await store.close();
    },
  };
}

async function isEmpty(store: MessagingOptions['store'], question: typeof NO_EVENTS): Promise<boolean> {
  const [row] = await store.read((session) => session.query<{ empty: boolean }>(question, []));
  return row?.empty === true;
}
