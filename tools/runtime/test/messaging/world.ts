import { readStack, type StackInfo } from '@atlas/stack';
import kafkajs, { type Admin, type Kafka, type KafkaMessage } from 'kafkajs';
import { vi } from 'vitest';
import { systemClock } from '../../src/adapters/clock/systemClock.ts';
import { kafkajsPort } from '../../src/adapters/kafkajs/index.ts';
import { startMessaging, type MessagingOptions, type RunningMessaging } from '../../src/service/startMessaging.ts';
import { promMetrics } from '../../src/adapters/prom-client/promMetrics.ts';
import { registryPort } from '../../src/adapters/registry/index.ts';
import { slonikStore, txOf } from '../../src/adapters/slonik/index.ts';
import type { Event } from '../../src/contract/handler.ts';
import { flush } from '../../src/outbox/flush.ts';
import { toOutboxRecords } from '../../src/outbox/record.ts';
import { uuidv7 } from '../../src/ids.ts';
import { HANDLER_MS } from '../../src/inbox/options.ts';
import { partitionOf } from '../../src/record/murmur2.ts';
import { consumerStore } from '../../src/service/stores.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { KafkaPort } from '../../src/ports/kafka.ts';
import type { LogFields } from '../../src/ports/log.ts';
import type { RegistryPort } from '../../src/ports/registry.ts';
import type { Store } from '../../src/ports/sql.ts';
import { recordingLog } from '../boxOffice.ts';
import { testDatabase, type TestDatabase } from '../testDatabase.ts';
import type { ConsumerTable } from '../../src/contract/service.ts';
import { boxOffice, DLQ, DOORS, SALES, doorOpened, seatReturned, seatSold } from './tickets.ts';

const PARTITIONS = 3;

/**
 * The timeout of awaited conditions. It is long enough for a busy machine, and a passing test never waits that long.
 */
export const eventually = { timeout: 90_000, interval: 20 };

/** A running relay and consumer, as in one process of a service. */
export interface Instance {
  readonly messaging: RunningMessaging;
  readonly store: Store;
  readonly lines: { readonly level: string; readonly message: string; readonly fields: LogFields }[];
  metric(name: string): Promise<number>;
  metricsText(): Promise<string>;
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly contract: MessagingOptions['contract'];
  readonly database: TestDatabase;
  readonly consumers?: ConsumerTable;
  readonly kafka?: (port: KafkaPort) => KafkaPort;
  readonly registry?: (port: RegistryPort) => RegistryPort;
  readonly store?: (store: Store) => Store;
  readonly watch?: Pick<MessagingOptions, 'lookEveryMs' | 'stuckAfterMs'>;
  readonly handlerMs?: number;
  readonly clock?: Clock;
}

export type ReadRecord = KafkaMessage & { readonly partition: number };

/** Selects a test's own records, because the tests of a suite share its topics. */
export type Wanted = (record: ReadRecord) => boolean;

export const ofKey =
  (text: string): Wanted =>
  ({ key }) =>
    key?.toString() === text;

/** Another key whose records are in the same partition. */
export function neighbourOf(key: string): string {
  const partition = (text: string): number => partitionOf(Buffer.from(text), PARTITIONS, 0n);
  for (let n = 1; ; n++) if (partition(`${key} ${n}`) === partition(key)) return `${key} ${n}`;
}

export const ofEvent =
  (id: string | undefined): Wanted =>
  ({ headers }) =>
    String(headers?.['ce_id']) === id;

/** A suite's own topics, schemas and namespace on the running stack. */
export interface World {
  readonly namespace: string;
  readonly kafka: Kafka;
  readonly admin: Admin;
  database(): Promise<TestDatabase>;
  start(options: StartOptions): Promise<Instance>;
  /** Commits events of the box office in one transaction, as a command does. Returns their ids in order. */
  commit(database: TestDatabase, events: readonly Event[]): Promise<readonly string[]>;
  /** Registers a schema under a subject of the namespace. Returns its id. */
  register(subject: string, schema: string, references?: readonly object[]): Promise<number>;
  /**
   * The selected records of a topic, in the order of partitions and offsets. Waits until there are at least `atLeast`,
   * and returns all of them.
   */
  records(topic: string, wanted: Wanted, atLeast: number): Promise<readonly ReadRecord[]>;
  stop(): Promise<void>;
}

let made = 0;

export async function openWorld(): Promise<World> {
  const info = readStack();
  if (!info) throw new Error('no stack: run `make up` first');
  const namespace = `msg-${process.pid}-${Date.now().toString(36)}-${(made += 1)}.`;
  const kafka = clientOf(info);
  const admin = kafka.admin();
  await admin.connect();
  const topics = [SALES, DOORS, DLQ].map((topic) => ({
    topic: namespace + topic,
    numPartitions: PARTITIONS,
    replicationFactor: 1,
  }));
  await admin.createTopics({ topics, waitForLeaders: false });
  // kafkajs's own wait fails if the broker does not know about the topic yet
  await vi.waitFor(() => admin.fetchTopicMetadata({ topics: topics.map(({ topic }) => topic) }), eventually);
  for (const { subject, schema } of [seatSold, seatReturned, doorOpened]) {
    await register(info, namespace + subject, schema);
  }
  const running = new Set<Instance>();
  const databases: TestDatabase[] = [];
  const stores = new Map<TestDatabase, Store>();
  const storeOf = (database: TestDatabase): Store => {
    const store = stores.get(database) ?? slonikStore(database.url);
    stores.set(database, store);
    return store;
  };
  return {
    namespace,
    kafka,
    admin,
    database: async () => {
      const database = await testDatabase();
      await database.query('CREATE TABLE effect (n serial, show_id text, seat integer, offset_ bigint)');
      databases.push(database);
      return database;
    },
    start: async (options) => {
      const instance = await start(info, namespace, options);
      running.add(instance);
      return {
        ...instance,
        stop: async () => {
          running.delete(instance);
          await instance.stop();
        },
      };
    },
    commit: async (database, events) => {
      const now = new Date();
      const ids: string[] = [];
      const records = toOutboxRecords(boxOffice.messages, events, {
        correlationId: 'correlation-1',
        causationId: null,
        actorId: 'kim',
        traceparent: null,
        occurredAt: now,
        newId: () => ids[ids.push(uuidv7(now.getTime(), ids.length)) - 1] ?? '',
      });
      await storeOf(database).transaction((session) => flush(session, { records }));
      return ids;
    },
    register: (subject, schema, references) => register(info, namespace + subject, schema, references),
    records: (topic, wanted, atLeast) => read({ kafka, admin, namespace }, topic, wanted, atLeast),
    stop: async () => {
      await Promise.all([...running].map((instance) => instance.stop()));
      for (const store of stores.values()) await store.close();
      for (const database of databases) await database.drop();
      await admin.deleteTopics({ topics: topics.map(({ topic }) => topic) });
      await admin.disconnect();
    },
  };
}

async function start(info: StackInfo, namespace: string, options: StartOptions): Promise<Instance> {
  const lines: Instance['lines'] = [];
  const log = recordingLog(lines);
  const metrics = promMetrics(options.contract.service);
  const { handlerMs = HANDLER_MS } = options;
  const store = consumerStore(options.database.url, handlerMs);
  const port = kafkajsPort({
    brokers: info.kafka.brokers,
    ...info.kafka.admin,
    clientId: options.contract.service,
    log,
  });
  const registry = registryPort(info.registry);
  const messaging = await startMessaging({
    contract: options.contract,
    store: options.store?.(store) ?? store,
    kafka: options.kafka?.(port) ?? port,
    registry: options.registry?.(registry) ?? registry,
    clock: options.clock ?? systemClock,
    namespace,
    handlers: options.consumers ?? {},
    handlerMs,
    txOf,
    log,
    metrics,
    ...options.watch,
  });
  return {
    messaging,
    store,
    lines,
    metricsText: () => metrics.text(),
    metric: async (name) => {
      const line = (await metrics.text()).split('\n').filter((text) => text.startsWith(name));
      return line.reduce((sum, text) => sum + Number(text.split(' ').at(-1)), 0);
    },
    stop: async () => {
      await messaging.stop();
      await store.close();
    },
  };
}

export function clientOf({ kafka: { brokers, admin } }: StackInfo): Kafka {
  return new kafkajs.Kafka({
    clientId: 'atlas-messaging-test',
    brokers: [...brokers],
    logLevel: kafkajs.logLevel.NOTHING,
    sasl: { mechanism: 'plain', ...admin },
  });
}

async function register(
  { registry }: StackInfo,
  subject: string,
  schema: string,
  references: readonly object[] = [],
): Promise<number> {
  const response = await fetch(`${registry.url}/subjects/${encodeURIComponent(subject)}/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ schema, schemaType: 'AVRO', references }),
  });
  const answer: unknown = await response.json();
  if (typeof answer === 'object' && answer !== null && 'id' in answer) return Number(answer.id);
  throw new Error(`not registered: ${JSON.stringify(answer)}`);
}

async function read(
  { kafka, admin, namespace }: Pick<World, 'kafka' | 'admin' | 'namespace'>,
  topic: string,
  wanted: Wanted,
  atLeast: number,
): Promise<readonly ReadRecord[]> {
  const consumer = kafka.consumer({ groupId: `${namespace}reader-${(made += 1)}`, maxWaitTimeInMs: 100 });
  const left = new Map(
    (await admin.fetchTopicOffsets(namespace + topic)).map(({ partition, high }) => [partition, BigInt(high)]),
  );
  for (const [partition, end] of left) if (end === 0n) left.delete(partition);
  const found: ReadRecord[] = [];
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [namespace + topic], fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ partition, message }) => {
        const record = { ...message, partition };
        if (wanted(record)) found.push(record);
        if (BigInt(message.offset) + 1n >= (left.get(partition) ?? 0n)) left.delete(partition);
      },
    });
    await vi.waitFor(() => {
      if (left.size > 0) throw new Error(`partitions ${[...left.keys()].join(', ')} of ${topic} are not read yet`);
      if (found.length < atLeast) throw new Error(`${found.length} of ${atLeast} records in ${topic}`);
    }, eventually);
  } finally {
    await consumer.disconnect();
  }
  return found.toSorted((a, b) => a.partition - b.partition || Number(BigInt(a.offset) - BigInt(b.offset)));
}
