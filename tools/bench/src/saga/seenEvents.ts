import kafkajs from 'kafkajs';
import type { StackInfo } from '@atlas/stack';
import { NotMeasurable } from '../row.ts';

const PATIENCE_MS = 60_000;

/** The events that come to a topic, by key and type. */
export interface SeenEvents {
  /** Resolves once an event of this type with this key has come. Throws if it does not come in time. */
  saw(key: string, type: string): Promise<void>;
  close(): Promise<void>;
}

export async function seenEvents({ kafka: broker }: StackInfo, topic: string): Promise<SeenEvents> {
  const kafka = new kafkajs.Kafka({
    brokers: [...broker.brokers],
    sasl: { mechanism: 'plain', ...broker.admin },
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const seen = new Set<string>();
  const waiting = new Map<string, () => void>();
  const consumer = kafka.consumer({ groupId: `bench-${process.pid}-${Date.now()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ message }) => {
      const id = `${message.key?.toString() ?? ''} ${message.headers?.['ce_type']?.toString() ?? ''}`;
      seen.add(id);
      waiting.get(id)?.();
    },
  });
  return {
    saw: (key, type) =>
      new Promise((resolve, reject) => {
        const id = `${key} ${type}`;
        if (seen.has(id)) return resolve();
        const late = setTimeout(() => reject(new NotMeasurable(`${type} of ${key} does not come`)), PATIENCE_MS);
        waiting.set(id, () => {
          clearTimeout(late);
          waiting.delete(id);
          resolve();
        });
      }),
    close: () => consumer.disconnect(),
  };
}
