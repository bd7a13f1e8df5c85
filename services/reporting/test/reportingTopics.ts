import { type Credentials, readStack, type StackInfo } from '@atlas/stack';
import kafkajs from 'kafkajs';
import type { AnyMessage } from '../src/projections/projection.ts';
import { contractOf } from './messages.ts';

/** Writes events to the topics that Reporting reads, as the services that own them do. */
export interface ReportingTopics {
  send(messages: readonly AnyMessage[]): Promise<void>;
  close(): Promise<void>;
}

export async function reportingTopics(namespace: string): Promise<ReportingTopics> {
  const stack = stackOf();
  const producer = await producerOf(stack, stack.kafka.admin);
  const ids = new Map<string, Promise<number>>();
  const idOf = (subject: string) => {
    const known = ids.get(subject) ?? registeredId(stack, namespace + subject);
    ids.set(subject, known);
    return known;
  };
  return {
    send: async (messages) => {
      const records = await Promise.all(
        messages.map(async (message) => {
          const contract = contractOf(message.type);
          return {
            topic: namespace + contract.topic,
            record: {
              key: contract.key?.(message.data) ?? null,
              value: framed(await idOf(contract.subject), contract.codec.encode(message.data)),
              headers: headersOf(message),
            },
          };
        }),
      );
      const topicMessages = [...Map.groupBy(records, ({ topic }) => topic)].map(([topic, some]) => ({
        topic,
        messages: some.map(({ record }) => record),
      }));
      await producer.sendBatch({ topicMessages });
    },
    close: () => producer.disconnect(),
  };
}

export function stackOf(): StackInfo {
  const stack = readStack();
  if (!stack) throw new Error('no stack is up: run `make up` first');
  return stack;
}

/** A producer that gives up at the first refusal. */
export async function producerOf({ kafka: { brokers } }: StackInfo, user: Credentials) {
  const kafka = new kafkajs.Kafka({
    brokers: [...brokers],
    sasl: { mechanism: 'plain', ...user },
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 0 },
  });
  const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  return producer;
}

async function registeredId({ registry }: StackInfo, subject: string): Promise<number> {
  const response = await fetch(`${registry.url}/subjects/${encodeURIComponent(subject)}/versions/latest`);
  const found: unknown = await response.json();
  if (typeof found === 'object' && found !== null && 'id' in found && typeof found.id === 'number') return found.id;
  throw new Error(`the registry has no schema of ${subject}`);
}

/** The wire format of the registry's clients: a zero, the id of the schema, the body. */
function framed(id: number, body: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeInt32BE(id, 1);
  return Buffer.concat([head, body]);
}

function headersOf({ meta }: AnyMessage): Record<string, string> {
  return {
    ce_specversion: '1.0',
    ce_id: meta.id,
    ce_source: meta.source ?? 'test',
    ce_type: meta.type,
    ce_time: meta.time.toISOString(),
    ce_correlationid: meta.correlationId,
    ...(meta.causationId === undefined ? {} : { ce_causationid: meta.causationId }),
    ...(meta.sequence === undefined ? {} : { ce_sequence: String(meta.sequence) }),
    ...(meta.actorId === undefined ? {} : { ce_actorid: meta.actorId }),
  };
}
