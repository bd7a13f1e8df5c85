import kafkajs from 'kafkajs';
import type { StackInfo } from '@atlas/stack';

/** A record of a topic. */
export interface SeenRecord {
  /** The name without the namespace of the run. */
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly key: string | undefined;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** The records that were written to some topics since the feed was opened. */
export interface RecordFeed {
  records(): readonly SeenRecord[];
  /**
   * Resolves once `enough` is true for the records. After `timeout` milliseconds, throws with a list of the records.
   */
  until(enough: (records: readonly SeenRecord[]) => boolean, what: string, timeout?: number): Promise<void>;
  close(): Promise<void>;
}

export interface FeedOptions {
  readonly topics: readonly string[];
  readonly namespace?: string;
  readonly signal?: AbortSignal;
}

/** Reads the topics as the stack's admin, without disturbing other consumer groups and without committing an offset. */
export async function recordFeed(
  stack: StackInfo,
  { topics, namespace = '', signal }: FeedOptions,
): Promise<RecordFeed> {
  const kafka = new kafkajs.Kafka({
    clientId: 'atlas-demo',
    brokers: [...stack.kafka.brokers],
    logLevel: kafkajs.logLevel.NOTHING,
    sasl: { mechanism: 'plain', ...stack.kafka.admin },
  });
  const groupId = `atlas-demo-${process.pid}-${Date.now()}`;
  const admin = kafka.admin();
  // A fetch waits only briefly, because disconnecting waits for an idle fetch.
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100 });
  const seen: SeenRecord[] = [];
  const waiting = new Set<() => void>();
  const close = async (): Promise<void> => {
    await consumer.disconnect().catch(() => undefined);
    await admin.deleteGroups([groupId]).catch(() => undefined);
    await admin.disconnect().catch(() => undefined);
  };
  try {
    await admin.connect();
    const names = topics.map((topic) => namespace + topic);
    // The ends are read before the group joins, so that nothing written meanwhile is missed.
    const ends = await Promise.all(names.map(async (topic) => ({ topic, at: await admin.fetchTopicOffsets(topic) })));
    await consumer.connect();
    await consumer.subscribe({ topics: names });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ topic, partition, message }) => {
        seen.push(recordOf(topic.slice(namespace.length), partition, message));
        for (const look of waiting) look();
      },
    });
    for (const { topic, at } of ends)
      for (const { partition, high } of at) consumer.seek({ topic, partition, offset: high });
    signal?.throwIfAborted();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    records: () => seen,
    until: async (enough, what, timeout = 30_000) => {
      signal?.throwIfAborted();
      if (enough(seen)) return;
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const look = (): void => {
        if (enough(seen)) resolve();
      };
      const late = setTimeout(() => reject(new Error(`${what}: not in ${timeout / 1000} s. ${listed(seen)}`)), timeout);
      const onAbort = (): void => reject(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      waiting.add(look);
      await promise.finally(() => {
        clearTimeout(late);
        waiting.delete(look);
        signal?.removeEventListener('abort', onAbort);
      });
    },
    close,
  };
}

function recordOf(topic: string, partition: number, message: kafkajs.KafkaMessage): SeenRecord {
  const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]);
  return {
    topic,
    partition,
    offset: BigInt(message.offset),
    key: message.key?.toString('utf8'),
    value: message.value,
    headers: Object.fromEntries(headers),
  };
}

function listed(records: readonly SeenRecord[]): string {
  if (records.length === 0) return 'Nothing was written';
  return `Written: ${records.map(({ headers, key }) => `${headers['ce_type'] ?? '?'} of ${key ?? '?'}`).join(', ')}`;
}
