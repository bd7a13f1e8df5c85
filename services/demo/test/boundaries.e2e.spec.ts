import { randomUUID } from 'node:crypto';
import { ordersClient } from '@atlas/generated-orders/client';
import { succeeded } from '@atlas/runtime/client';
import { mintToken } from '@atlas/stack';
import kafkajs from 'kafkajs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONTRACTS } from '../src/system/contracts.ts';
import { SERVICES } from '../src/system/services.ts';
import { type Isolated, isolated } from './isolated.ts';

let erp: Isolated;
beforeAll(async () => {
  erp = await isolated('e2e_borders');
});
afterAll(() => erp.close());

/** Every service with every other one. */
const PAIRS = SERVICES.flatMap((service) =>
  SERVICES.filter((other) => other !== service).map((other) => ({ service, other })),
);

describe.each(PAIRS)('$service', ({ service, other }) => {
  it(`cannot connect to the database of ${other}`, async () => {
    const { appUrl } = databaseOf(service);
    const url = new URL(appUrl);
    url.pathname = new URL(databaseOf(other).appUrl).pathname;
    const client = new pg.Client({ connectionString: url.href });
    await expect(client.connect()).rejects.toThrow('permission denied for database');
  });

  it(`cannot write to the topics of ${other}`, async () => {
    const { kafka: broker } = erp.stack;
    const user = broker.users[service];
    if (user === undefined) throw new Error(`the broker has no user for ${service}`);
    const kafka = new kafkajs.Kafka({
      brokers: [...broker.brokers],
      sasl: { mechanism: 'plain', ...user },
      logLevel: kafkajs.logLevel.NOTHING,
      retry: { retries: 0 },
    });
    const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    await producer.connect();
    try {
      const topic = `${erp.namespace}${topicOf(other)}`;
      await expect(producer.send({ topic, messages: [{ value: 'forged' }] })).rejects.toThrow(/[Nn]ot authorized/);
    } finally {
      await producer.disconnect();
    }
  });
});

describe('a service whose neighbours are all down', () => {
  it('still commits commands, and their events arrive when the neighbours are back', async () => {
    const { system, stack, customer } = erp;
    const place = await customer.stock(`ALONE-${randomUUID().slice(0, 8).toUpperCase()}`, 5);
    const others = SERVICES.filter((service) => service !== 'orders');
    await Promise.all(others.map((service) => system.process(service).stop()));
    const token = await mintToken(stack, { sub: 'alone', roles: ['ops'] });
    const orders = ordersClient({ baseUrl: system.process('orders').url, token });
    const line = { sku: place.sku, qty: 5, unitPrice: { preciseAmount: 1_225, fractionDigits: 0 } };
    const draft = succeeded(
      await orders.createOrder({
        body: { customerId: randomUUID(), currency: 'EUR', taxRateBasisPoints: 1_900, lines: [line] },
      }),
    );
    const { orderId } = draft.body;
    const placed = succeeded(await orders.placeOrder({ params: { orderId }, ifMatch: draft.etag }));
    expect(placed.body.state).toBe('PLACED');
    await Promise.all(others.map((service) => system.restart(service)));
    const stateOf = async () => succeeded(await orders.getOrder({ params: { orderId } })).body.state;
    await expect.poll(stateOf).toBe('AWAITING_APPROVAL');
  });
});

/** A topic that only this service may write: one of its events, or else that of its dead letters. */
function topicOf(service: string): string {
  const contract = CONTRACTS.find((one) => one.service === service);
  const topic = contract?.messages[0]?.topic ?? contract?.dlqTopic;
  if (topic === undefined) throw new Error(`${service} writes no topic`);
  return topic;
}

function databaseOf(service: string): { readonly appUrl: string } {
  const found = erp.databases[service];
  if (found === undefined) throw new Error(`there is no database of ${service}`);
  return found;
}
