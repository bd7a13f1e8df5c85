import { randomUUID } from 'node:crypto';
import { ordersClient } from '@atlas/generated-orders/client';
import type { ResponseContract } from '@atlas/runtime';
import { succeeded } from '@atlas/runtime/client';
import { READS } from '@atlas/runtime/gateway';
import { mintToken } from '@atlas/stack';
import kafkajs from 'kafkajs';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { CONTRACTS } from '../../src/system/contracts.ts';
import { SERVICES } from '../../src/system/services.ts';
import type { SeenRecord } from '../../src/topics/recordFeed.ts';
import { ask } from '../contract/ask.ts';
import { servedContract } from '../contract/servedContract.ts';
import { validFor } from '../contract/validFor.ts';
import { erp } from './erp.ts';

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

describe('an order that is placed while all other services are down', () => {
  it('is committed, and goes on when they are back', async () => {
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

/** The services that have commands, and the ids of these, from their contracts. */
const COMMANDING = CONTRACTS.map(({ service, operations }) => ({
  service,
  commands: new Map(operations.filter(({ method }) => !READS.has(method)).map((command) => [command.id, command])),
})).filter(({ commands }) => commands.size > 0);

describe.each(COMMANDING)('$service, the only service that runs,', ({ service, commands }) => {
  it('commits commands and publishes their events', async () => {
    await leaveOnly(service);
    const { url } = erp.system.process(service);
    const { operations } = await servedContract(url);
    const committed: string[] = [];
    for (const operation of operations) {
      const { id, roles } = operation;
      const command = commands.get(id);
      // a caller that signs the body has no roles
      if (command === undefined || roles === undefined) continue;
      const token = await mintToken(erp.stack, { sub: 'alone', roles });
      const asked = validFor(operation, `Bearer ${token}`);
      const correlationId = randomUUID();
      const { status, body } = await ask(url, {
        ...asked,
        headers: { ...asked.headers, 'x-correlation-id': correlationId },
      });
      // most are about something that does not exist, and the service must find that out by itself
      expect(status, `${id}: ${body}`).toBeLessThan(500);
      if (status >= 300) continue;
      committed.push(id);
      if (alwaysEmits(command.responses[status])) await published(service, correlationId);
    }
    expect(committed).not.toEqual([]);
  });
});

function alwaysEmits({ emits = [] }: ResponseContract = { kind: 'empty' }): boolean {
  return emits.length > 0 && emits.every((way) => way.some((event) => !event.endsWith('*')));
}

async function published(service: string, correlationId: string): Promise<void> {
  const isOf = ({ headers }: SeenRecord): boolean =>
    headers['ce_source'] === service && headers['ce_correlationid'] === correlationId;
  await erp.feed.until((records) => records.some(isOf), `an event of ${service}`);
}

let running = SERVICES;

/** Stops all services except one, which is started if it does not run. */
async function leaveOnly(service: string): Promise<void> {
  const { system } = erp;
  await Promise.all(running.filter((other) => other !== service).map((other) => system.process(other).stop()));
  if (!running.includes(service)) await system.restart(service);
  running = [service];
}

/** A topic that only this service may write: one of its event topics, or else its dead-letter topic. */
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
