import type { Message } from 'kafkajs';
import { orderPlacedEvent } from '../codec/event.ts';
import { PARTITIONS, type Ground } from '../ground.ts';
import type { Tally } from '../messaging.ts';

const SKUS = 1_000;
const LINES = 2;
const MAX_SENT = 2_000;

/** The figures of one run of a consumer. */
export interface Consumption {
  /** From the first applied event to the last. */
  readonly eventsPerSecond: number;
  /** Processor time of this process per event, in microseconds. */
  readonly microsPerEvent: number;
}

/** Writes new orders to a topic, each with a key of its own, and measures how fast its consumer applies them. */
export async function openFeed({ kafka, namespace, message, schemaId }: Ground, topic: string) {
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  const template = orderPlacedEvent().ours;
  const record = (n: number): Message => {
    const orderId = crypto.randomUUID();
    const lines = Array.from({ length: LINES }, (_, line) => ({
      lineId: crypto.randomUUID(),
      sku: `WIDGET-${1 + ((n * 7 + line * 13) % SKUS)}`,
      qty: 1n,
      warehouseId: null,
    }));
    const body = message.codec.encode(Object.assign({}, template, { orderId, lines }));
    const value = Buffer.alloc(5 + body.byteLength);
    value.writeInt32BE(schemaId, 1);
    value.set(body, 5);
    return {
      partition: n % PARTITIONS,
      key: Buffer.from(orderId),
      value,
      headers: {
        'content-type': 'application/vnd.apache.avro',
        ce_specversion: '1.0',
        ce_id: crypto.randomUUID(),
        ce_source: 'orders',
        ce_type: message.type,
        ce_time: new Date().toISOString(),
        ce_correlationid: crypto.randomUUID(),
        ce_sequence: '1',
      },
    };
  };
  const send = async (count: number): Promise<void> => {
    // the broker refuses requests that are too large
    for (let sent = 0; sent < count; sent += MAX_SENT) {
      const messages = Array.from({ length: Math.min(MAX_SENT, count - sent) }, (_, n) => record(sent + n));
      await producer.sendBatch({ acks: -1, topicMessages: [{ topic: namespace + topic, messages }] });
    }
  };
  return {
    send,
    /** `begin` makes events arrive: `count` of them. */
    measure: async (applied: Omit<Tally, 'add'>, count: number, begin: () => Promise<void>): Promise<Consumption> => {
      const before = applied.count();
      const all = applied.after(count);
      const first = applied.after(1);
      await begin();
      await first;
      const started = performance.now();
      const cpu = process.cpuUsage();
      const left = count - (applied.count() - before);
      await all;
      const { user, system } = process.cpuUsage(cpu);
      return {
        eventsPerSecond: (left * 1_000) / (performance.now() - started),
        microsPerEvent: (user + system) / left,
      };
    },
    stop: () => producer.disconnect(),
  };
}
