import { kafkajsPort } from '@atlas/runtime/internal/kafka';
import { startMessaging } from '@atlas/runtime/internal/messaging';
import { registryPort } from '@atlas/runtime/internal/registry';
import { rows, slonikOf, slonikStore, txOf } from '@atlas/runtime/slonik';
import type { AnyEventHandler, AnyEventInput, AnySetInput, ConsumerContract, Tx } from '@atlas/runtime';
import { sql } from 'slonik';
import type { Ground } from '../ground.ts';
import { CLOCK, counting, SILENT, type Tally } from '../messaging.ts';
import { project } from './project.ts';
import { reserve, type Order, type Run } from './reserve.ts';

/** A consumer that runs. */
export interface RunningConsumer {
  readonly applied: Omit<Tally, 'add'>;
  stop(): Promise<void>;
}

const RETRY = { retries: 5, baseMs: 200, capMs: 30_000, onDead: 'hold' } as const;

/** The consumer of a service: `startMessaging` with a contract of one consumer, and its handler on slonik. */
export function startOurs(ground: Ground): Promise<RunningConsumer> {
  const { message } = ground;
  return startConsumer(ground, 'bench', {
    contract: { name: 'onOrderPlaced', message, emits: [[]], retry: RETRY },
    handle: async ({ data }: AnyEventInput, tx) => {
      await reserve(runOn(tx), orderOf(data));
      return { events: [] };
    },
  });
}

/** A read model that consumes a topic in sets of at most `max`, or one event at a time. */
export function startReadModel(
  ground: Ground,
  { topic, max }: { readonly topic: string; readonly max: number | undefined },
): Promise<RunningConsumer> {
  const contract = { name: 'project', message: { ...ground.message, topic }, emits: [[]], retry: RETRY };
  return startConsumer(
    ground,
    topic,
    max === undefined
      ? {
          contract,
          handle: async ({ data, meta }: AnyEventInput, tx) => {
            await project(runOn(tx), [{ order: orderOf(data), eventId: meta.id }]);
            return { events: [] };
          },
        }
      : {
          contract: { ...contract, batch: { max } },
          handle: async ({ messages }: AnySetInput, tx) => {
            await project(
              runOn(tx),
              messages.map(({ data, meta }) => ({ order: orderOf(data), eventId: meta.id })),
            );
            return messages.map(() => ({ events: [] }));
          },
        },
  );
}

async function startConsumer(
  { info, namespace, databaseUrl }: Ground,
  service: string,
  { contract, handle }: { readonly contract: ConsumerContract<unknown>; readonly handle: AnyEventHandler['handle'] },
): Promise<RunningConsumer> {
  const store = slonikStore(databaseUrl);
  const { metrics, after, count } = counting('atlas_inbox_applied_total');
  const messaging = await startMessaging({
    contract: { service, messages: [], consumers: [contract], dlqTopic: 'atlas.bench.dlq.v1' },
    store,
    kafka: kafkajsPort({ brokers: info.kafka.brokers, ...info.kafka.admin, clientId: 'bench', log: SILENT }),
    registry: registryPort({ url: info.registry.url }),
    clock: CLOCK,
    namespace,
    handlers: { [contract.name]: handle },
    txOf,
    log: SILENT,
    metrics,
  });
  return {
    applied: { after, count },
    stop: async () => {
      await messaging.stop();
      await store.close();
    },
  };
}

function orderOf(data: unknown): Order {
  // cast: the decoder gives what the schema of OrderPlaced says
  return data as Order;
}

function runOn(tx: Tx): Run {
  const db = slonikOf(tx);
  return async (name, text, values) => {
    const token = { ...sql.unsafe`SELECT`, name, sql: text, values, parser: rows<unknown>() };
    return (await db.query(token)).rows;
  };
}
