import type { Kafka } from 'kafkajs';
import type { KafkaPort } from '../../ports/kafka.ts';
import { kafkaClient, type KafkaOptions } from './client.ts';
import { Membership } from './group.ts';
import { sendError } from './refusal.ts';
import { sender } from './sender.ts';

/** The Kafka port over kafkajs. Connects at the first use. If the broker is unavailable, single calls throw. */
export function kafkajsPort(options: KafkaOptions): KafkaPort {
  const kafka = kafkaClient(options);
  const producer = sender(kafka);
  return {
    send: (records) => producer.send(records),
    close: () => producer.close(),
    partitions: (topics) => partitionsOf(kafka, topics),
    run: (group, handlers) => Membership.join(kafka, group, handlers, options.log),
  };
}

async function partitionsOf(kafka: Kafka, topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const metadata = await admin.fetchTopicMetadata({ topics: [...topics] });
    return new Map(metadata.topics.map(({ name, partitions }) => [name, partitions.length]));
  } catch (error) {
    throw sendError(error);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
