import type { Admin, Kafka, IHeaders, Message, Producer } from 'kafkajs';
import type { KafkaPort, OutgoingRecord, Position } from '../../ports/kafka.ts';
import { AtlasError } from '../../contract/atlasError.ts';
import { kafkaClient, type KafkaOptions } from './client.ts';
import { Membership } from './group.ts';
import { sendError } from './refusal.ts';
import { isListOf } from '../../typeGuards.ts';

/** The Kafka port over kafkajs. Connects at the first use. If the broker is unavailable, single calls throw. */
export function kafkajsPort(options: KafkaOptions): KafkaPort {
  const kafka = kafkaClient(options);
  const producer = sender(kafka);
  return {
    send: (records) => producer.send(records),
    close: () => producer.close(),
    partitions: (topics) => partitionsOf(kafka, topics),
    positions: (group, topics) => positionsOf(kafka, group, topics),
    run: (group, handlers) =>
      Membership.join(kafka, { ...group, sessionTimeout: options.sessionMs }, handlers, options.log),
  };
}

async function partitionsOf(kafka: Kafka, topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const question = (admin: Admin) => admin.fetchTopicMetadata({ topics: [...topics] });
  const metadata = await asked(kafka, question).catch((error: unknown) => {
    throw sendError(error);
  });
  return new Map(metadata.topics.map(({ name, partitions }) => [name, partitions.length]));
}

async function positionsOf(kafka: Kafka, group: string, topics: readonly string[]): Promise<readonly Position[]> {
  return asked(kafka, async (admin) => {
    const committed = new Map<string, bigint>();
    for (const { topic, partitions } of await admin.fetchOffsets({ groupId: group, topics: [...topics] }))
      for (const { partition, offset } of partitions) committed.set(`${topic}/${partition}`, BigInt(offset));
    const found: Position[] = [];
    for (const topic of topics) {
      for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
        const offset = committed.get(`${topic}/${partition}`) ?? -1n;
        found.push({
          topic,
          partition,
          // below zero means none, or the beginning, which kafkajs commits if its offset is out of range
          committed: offset < 0n ? undefined : offset,
          low: BigInt(low),
          high: BigInt(high),
        });
      }
    }
    return found;
  }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AtlasError('ATLAS_KAFKA_POSITIONS', `Kafka does not give the offsets of group ${group}: ${reason}`, {
      cause: error,
    });
  });
}

/** Opens a short connection for a request of the admin API, because such requests are rare. */
async function asked<T>(kafka: Kafka, question: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await question(admin);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

interface Sender {
  send(records: readonly OutgoingRecord[]): Promise<void>;
  close(): Promise<void>;
}

/** One producer with acks=all. It connects with the first records, and again after a failed connect. */
function sender(kafka: Kafka): Sender {
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    // every record names its partition
    createPartitioner:
      () =>
      ({ message }) =>
        message.partition ?? 0,
  });
  let connected: Promise<Producer> | undefined;
  const connect = (): Promise<Producer> => {
    connected ??= producer.connect().then(
      () => producer,
      (error: unknown) => {
        connected = undefined;
        throw error;
      },
    );
    return connected;
  };
  return {
    send: async (records) => {
      try {
        await (await connect()).sendBatch({ acks: -1, topicMessages: byTopic(records) });
      } catch (error) {
        throw sendError(error);
      }
    },
    close: async () => {
      await connected?.catch(() => undefined);
      await producer.disconnect();
    },
  };
}

function byTopic(records: readonly OutgoingRecord[]): { topic: string; messages: Message[] }[] {
  const topics = new Map<string, Message[]>();
  for (const record of records) {
    const messages = topics.get(record.topic);
    if (messages) messages.push(messageOf(record));
    else topics.set(record.topic, [messageOf(record)]);
  }
  return Array.from(topics, ([topic, messages]) => ({ topic, messages }));
}

function messageOf({ partition, key, value, headers, timestamp }: OutgoingRecord): Message {
  return {
    partition,
    key: nullableBuffer(key),
    value: nullableBuffer(value),
    headers: headersOf(headers),
    timestamp: String(timestamp.getTime()),
  };
}

function nullableBuffer(bytes: Uint8Array | null): Buffer | null {
  return bytes === null ? null : bufferOf(bytes);
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function headersOf(headers: OutgoingRecord['headers']): IHeaders {
  const sent: Record<string, SentHeader | SentHeader[]> = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, isListOf(value) ? value.map(sentHeader) : sentHeader(value)]),
  );
  // cast: kafkajs sends null as Kafka defines it, but its type does not have it
  return sent as IHeaders;
}

type SentHeader = string | Buffer | null;

function sentHeader(value: string | Uint8Array | null): SentHeader {
  return typeof value === 'string' ? value : nullableBuffer(value);
}
