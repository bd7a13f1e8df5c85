import { randomBytes, randomUUID } from 'node:crypto';
import kafkajs from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { eventOf } from '../../src/topics/eventOf.ts';
import { DEAD_LETTERS } from '../isolated.ts';
import { erp } from './erp.ts';

const TOPIC = 'atlas.orders.order.v1';
const PARTITIONS = [0, 1, 2];

/** Writes `value` to every partition with the rights of the admin. Returns the keys. */
async function poison(value: Buffer): Promise<readonly string[]> {
  const { kafka: broker } = erp.stack;
  const kafka = new kafkajs.Kafka({ brokers: [...broker.brokers], sasl: { mechanism: 'plain', ...broker.admin } });
  const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  const messages = PARTITIONS.map((partition) => ({
    partition,
    key: randomUUID(),
    value,
    headers: { ce_id: randomUUID(), ce_type: 'atlas.orders.OrderPlaced', ce_source: 'orders' },
  }));
  await producer.send({ topic: erp.namespace + TOPIC, messages });
  await producer.disconnect();
  return messages.map(({ key }) => key);
}

/** A value that names the schema of placed orders, with fewer bytes than any order has. */
async function tooShort(): Promise<Buffer> {
  const { customer, feed } = erp;
  const place = await customer.stock(`FRAME-${randomUUID().slice(0, 8).toUpperCase()}`, 1);
  const correlationId = randomUUID();
  const { order } = await customer.place(await customer.draft(place.sku, 1, correlationId), correlationId);
  const placed = () =>
    feed
      .records()
      .find(
        ({ topic, key, headers }) =>
          topic === TOPIC && key === order.orderId && headers['ce_type'] === 'atlas.orders.OrderPlaced',
      );
  await feed.until(() => placed() !== undefined, 'an order that names its schema');
  const value = placed()?.value;
  if (!value) throw new Error('the order has no value');
  return Buffer.concat([value.subarray(0, 5), randomBytes(3)]);
}

describe.each([
  ['bytes without a frame', async () => randomBytes(40)],
  ['a body that does not fit its schema', tooShort],
  ['nothing at all', async () => Buffer.alloc(0)],
])('a poison message: %s', (_what, valueOf) => {
  it('becomes a dead letter with the same bytes and does not stop its partition', async () => {
    const { customer, feed } = erp;
    const value = await valueOf();
    const keys = await poison(value);
    const place = await customer.stock(`POISON-${randomUUID().slice(0, 8).toUpperCase()}`, 30);
    const orders = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const correlationId = randomUUID();
        return customer.place(await customer.draft(place.sku, 1, correlationId), correlationId);
      }),
    );
    const letters = () =>
      feed.records().filter(({ topic, key }) => topic === DEAD_LETTERS.get('inventory') && keys.includes(key ?? ''));
    const done = () =>
      feed
        .records()
        .filter(({ topic, headers }) => topic === TOPIC && headers['ce_type'] === 'atlas.orders.OrderReserved')
        .map(eventOf)
        .filter(({ key }) => orders.some(({ order }) => order.orderId === key));
    await feed.until(() => letters().length >= keys.length, 'a dead letter of each partition', 60_000);
    await feed.until(() => done().length >= orders.length, 'the orders after the poison messages', 60_000);

    expect(new Set(letters().map(({ key }) => key))).toEqual(new Set(keys));
    for (const letter of letters()) {
      expect(letter.value?.equals(value)).toBe(true);
      expect(letter.headers).toMatchObject({
        'kafka_dlt-original-topic': erp.namespace + TOPIC,
        ce_type: 'atlas.orders.OrderPlaced',
      });
    }
  });
});
