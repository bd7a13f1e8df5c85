import { contract } from '@atlas/generated-orders';
import type { Message, Producer } from 'kafkajs';
import { PARTITIONS, type Ground } from '../ground.ts';
import { TRACEPARENT } from './drain.ts';

/** The number of events that the relay sends in one batch. */
const BATCH = 1_000;

/** Calls `sendBatch` and nothing else. The messages have the relay's headers and are made before the clock starts. */
export async function bareLoop({ kafka, namespace, message, schemaId }: Ground, body: Uint8Array) {
  const producer: Producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  const topic = namespace + message.topic;
  const value = Buffer.alloc(5 + body.byteLength);
  value.writeInt32BE(schemaId, 1);
  value.set(body, 5);
  const batch = Array.from({ length: BATCH }, (_, n): Message => ({
    partition: n % PARTITIONS,
    key: Buffer.from(`key-${n}`),
    value,
    timestamp: String(Date.now()),
    headers: {
      'content-type': 'application/vnd.apache.avro',
      ce_specversion: '1.0',
      ce_id: crypto.randomUUID(),
      ce_source: contract.service,
      ce_type: message.type,
      ce_time: new Date().toISOString(),
      ce_correlationid: crypto.randomUUID(),
      ce_sequence: String(n),
      ce_actorid: 'kim',
      traceparent: TRACEPARENT,
    },
  }));
  return {
    eventsPerSecond: async (count: number): Promise<number> => {
      const started = performance.now();
      for (let sent = 0; sent < count; sent += BATCH) {
        await producer.sendBatch({ acks: -1, topicMessages: [{ topic, messages: batch }] });
      }
      return (count * 1_000) / (performance.now() - started);
    },
    stop: () => producer.disconnect(),
  };
}
