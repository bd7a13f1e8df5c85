import { contract } from '@atlas/generated-orders';
import { runMigrations } from '@atlas/runtime/migrate';
import { cloneDatabase, dropDatabase, migratedTemplate, readStack, type StackInfo } from '@atlas/stack';
import kafkajs, { type Kafka } from 'kafkajs';
import { NotMeasurable } from './row.ts';

export type Message = (typeof contract.messages)[number];

/** A database, a topic and a registered schema on the running stack, for the benchmark only. */
export interface Ground {
  readonly info: StackInfo;
  readonly namespace: string;
  readonly databaseUrl: string;
  readonly message: Message;
  readonly schemaId: number;
  readonly kafka: Kafka;
  clear(): Promise<void>;
}

export const PARTITIONS = 3;

export interface GroundOptions {
  /** More topics than that of `OrderPlaced`, without the namespace. */
  readonly topics?: readonly string[];
  /** Migrations of tables that the benchmark needs besides the plumbing's. */
  readonly migrations?: URL;
}

export async function openGround({ topics = [], migrations }: GroundOptions = {}): Promise<Ground> {
  const info = readStack();
  if (!info) throw new NotMeasurable('no stack is up');
  const message = contract.messages.find(({ name }) => name === 'OrderPlaced');
  if (!message) throw new NotMeasurable('there is no message OrderPlaced any more');
  const run = `${process.pid}-${Date.now().toString(36)}`;
  const namespace = `bench-${run}.`;
  const kafka = new kafkajs.Kafka({
    clientId: 'atlas-bench',
    brokers: [...info.kafka.brokers],
    logLevel: kafkajs.logLevel.NOTHING,
    sasl: { mechanism: 'plain', ...info.kafka.admin },
  });
  const admin = kafka.admin();
  await admin.connect();
  const names = [message.topic, ...topics].map((topic) => namespace + topic);
  await admin.createTopics({
    topics: names.map((topic) => ({ topic, numPartitions: PARTITIONS })),
    waitForLeaders: false,
  });
  const schemaId = await register(info, namespace + message.subject, message.schema);
  const template = await migratedTemplate(info, contract.service, `bench ${run}`, async (ownerUrl) => {
    await runMigrations({ contract, ownerUrl, ...(migrations === undefined ? {} : { migrations }) });
  });
  const database = `bench_${run.replace('-', '_')}`;
  const { appUrl } = await cloneDatabase(info, contract.service, database, { template });
  return {
    info,
    namespace,
    databaseUrl: appUrl,
    message,
    schemaId,
    kafka,
    clear: async () => {
      await dropDatabase(info, database);
      await dropDatabase(info, template);
      await admin.deleteTopics({ topics: names });
      await admin.disconnect();
    },
  };
}

async function register({ registry }: StackInfo, subject: string, schema: string): Promise<number> {
  const response = await fetch(`${registry.url}/subjects/${encodeURIComponent(subject)}/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ schema, schemaType: 'AVRO' }),
  });
  const answer: unknown = await response.json();
  if (typeof answer === 'object' && answer !== null && 'id' in answer) return Number(answer.id);
  throw new NotMeasurable(`the registry refuses the schema: ${JSON.stringify(answer)}`);
}
