import { randomUUID } from 'node:crypto';
import { succeeded } from '@atlas/runtime/client';
import kafkajs from 'kafkajs';
import { expect, it } from 'vitest';
import { CONTRACTS } from '../../src/system/contracts.ts';
import type { SeenRecord } from '../../src/topics/recordFeed.ts';
import type { Place } from '../customer.ts';
import { endOf, LEDGER } from '../endOf.ts';
import { DEAD_LETTERS } from '../isolated.ts';
import { erp } from './erp.ts';

const TOPIC = 'atlas.orders.order.v1';
const READERS = ['inventory', 'workflow', 'billing'];

const recordOf = (orderId: string, type: string): SeenRecord | undefined =>
  erp.feed.records().find(({ key, headers }) => key === orderId && headers['ce_type'] === `atlas.orders.${type}`);

async function placed(): Promise<{ readonly orderId: string; readonly goods: Place }> {
  const { customer, feed } = erp;
  const goods = await customer.stock(`GAP-${randomUUID().slice(0, 8).toUpperCase()}`, 5);
  const { order } = await customer.place(await customer.draft(goods.sku, 5, randomUUID()), randomUUID());
  await feed.until(() => recordOf(order.orderId, 'OrderReserved') !== undefined, 'OrderReserved');
  return { orderId: order.orderId, goods };
}

/** OrderCancelled of an order as Orders would send it, but with another sequence. */
async function forged(orderId: string, like: SeenRecord, sequence: bigint): Promise<void> {
  const message = CONTRACTS.flatMap(({ messages }) => messages).find(({ name }) => name === 'OrderCancelled');
  const before = recordOf(orderId, 'OrderReserved');
  if (message === undefined || before === undefined || like.value === null) throw new Error('nothing to begin with');
  const body = message.codec.encode({ orderId, orderVersion: 4n, reason: 'REQUESTED' });
  const { kafka: broker } = erp.stack;
  const kafka = new kafkajs.Kafka({ brokers: [...broker.brokers], sasl: { mechanism: 'plain', ...broker.admin } });
  const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  const value = Buffer.concat([like.value.subarray(0, 5), body]);
  const headers = { ...like.headers, ce_id: randomUUID(), ce_sequence: String(sequence) };
  const messages = [{ partition: before.partition, key: orderId, value, headers }];
  await producer.send({ topic: erp.namespace + TOPIC, messages });
  await producer.disconnect();
}

async function metric(service: string, series: RegExp): Promise<number> {
  const text = await (await fetch(`${erp.system.process(service).adminUrl}/metrics`)).text();
  const values = text.split('\n').filter((line) => series.test(line));
  return values.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

const gaps = (service: string) =>
  metric(service, /^atlas_sequence_broken_total\{.*topic="atlas\.orders\.order\.v1".*kind="gap"/);

it('an event out of sequence raises the metric of each reader, has its effect, and parks nothing', async () => {
  const { feed, people } = erp;
  // a real event shows how Orders writes it
  const { orderId: other } = await placed();
  const { etag } = succeeded(await people.ops.orders.getOrder({ params: { orderId: other } }));
  await people.ops.orders.cancelOrder({ params: { orderId: other }, ifMatch: etag });
  await feed.until(() => recordOf(other, 'OrderCancelled') !== undefined, 'OrderCancelled');
  const like = recordOf(other, 'OrderCancelled');
  if (like === undefined) throw new Error('OrderCancelled was not seen');

  const { orderId, goods } = await placed();
  for (const service of READERS) expect(await gaps(service), service).toBe(0);
  await forged(orderId, like, 9n);
  const released = (): boolean =>
    feed.records().some(({ key, headers }) => key === orderId && headers['ce_type']?.endsWith('.ReservationReleased'));
  await feed.until(released, 'ReservationReleased', 60_000);
  for (const service of READERS) await expect.poll(() => gaps(service), { message: service }).toBe(1);
  for (const service of READERS) {
    await erp.readAll(service);
    expect(await metric(service, /^atlas_parked_keys\{/), service).toBe(0);
  }
  const letters = feed.records().filter(({ topic }) => [...DEAD_LETTERS.values()].includes(topic));
  expect(letters).toEqual([]);
  // Inventory has released the stock that Orders still counts on, and nobody has invoiced it
  const end = { state: 'AWAITING_APPROVAL', stock: '5 on hand, 0 reserved', ledger: LEDGER.untouched };
  expect(await endOf(erp, { orderId, goods })).toEqual(end);
});
