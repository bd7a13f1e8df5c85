import { contract } from '@atlas/generated-reporting';
import { slonikOf, slonikStore, txOf } from '@atlas/runtime/slonik';
import { deployContracts, type ServiceProcess, spawnService } from '@atlas/stack';
import { sql } from 'slonik';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idOf, Log, play, type Course } from './histories.ts';
import { aMessage } from './messages.ts';
import { reportingDatabase, type ReportingDatabase } from './reportingDatabase.ts';
import { producerOf, reportingTopics, stackOf, type ReportingTopics } from './reportingTopics.ts';

const NAMESPACE = 'reporting-test.';
const COURSE: Course = {
  lines: 2,
  currency: 'EUR',
  approval: 'two steps',
  terms: 'PREPAID',
  payment: 'paid',
  end: 'shipped in parts',
  returned: true,
};
const ORDERS = 30;

let database: ReportingDatabase;
let topics: ReportingTopics;
let service: ServiceProcess;

beforeAll(async () => {
  const stack = stackOf();
  database = await reportingDatabase(`reporting_consuming_${process.pid}`);
  await deployContracts(stack, { namespace: NAMESPACE });
  topics = await reportingTopics(NAMESPACE);
  const env = { DATABASE_URL: database.url };
  service = await spawnService(stack, contract.service, { namespace: NAMESPACE, name: 'reporting-test', env });
});
afterAll(async () => {
  await service.stop();
  await topics.close();
  await database.close();
});

const count = async (of: string) => {
  const [row] = await database.asOwner(`SELECT count(*)::int4 AS n FROM ${of}`);
  return row?.['n'];
};

describe('Reporting on its topics', () => {
  it('has the rows of all events, each applied once', async () => {
    const log = new Log();
    for (let number = 0; number < ORDERS; number += 1) play(log, number, COURSE);
    await topics.send(log.messages);
    // sent again, as by a producer that did not get the broker's answer
    await topics.send(log.messages);
    const last = aMessage(
      'ItemChanged',
      { sku: 'LAST', name: 'Last', baseUnit: 'piece', version: 1n, changedAt: 0n },
      { id: 'the last one' },
    );
    await topics.send([last]);

    await expect.poll(() => count(`order_summary WHERE state = 'FULFILLED'`)).toBe(ORDERS);
    await expect.poll(() => count(`approval WHERE state = 'APPROVED'`)).toBe(ORDERS);
    // the second step has to be decided within a day, the first one within two
    expect(await count(`approval WHERE due_at < requested_at + interval '36 hours'`)).toBe(ORDERS);
    await expect.poll(() => count(`order_hold WHERE state = 'SHIPPED'`)).toBe(ORDERS);
    await expect.poll(() => count(`order_invoice WHERE paid_at IS NOT NULL`)).toBe(ORDERS);
    await expect.poll(() => count(`payment WHERE state = 'SUCCEEDED'`)).toBe(ORDERS);
    await expect.poll(() => count(`item WHERE sku = 'LAST'`)).toBe(1);
    await expect.poll(() => count(`atlas_inbox`)).toBe(log.messages.length + 1);
    const [sales] = await database.asOwner(
      `SELECT sum(orders_placed)::int4 AS placed, sum(paid_minor)::int8 = sum(invoiced_minor) AS agrees FROM sales_day`,
    );
    expect(sales).toEqual({ placed: ORDERS, agrees: true });
    expect(await count('held_line')).toBe(0);
    expect(await count('atlas_outbox')).toBe(0);
  });

  it('gives up an event that the database refuses, and no other event of its set', async () => {
    const item = (sku: string, name: string) =>
      aMessage('ItemChanged', { sku, name, baseUnit: 'piece', version: 1n, changedAt: 0n }, { id: `item ${sku}` });
    // PostgreSQL has no texts with a zero character
    await topics.send([item('BEFORE', 'x'), item('REFUSED', 'a zero: \0'), item('AFTER', 'x')]);
    await expect.poll(() => count(`item WHERE sku IN ('BEFORE', 'AFTER')`)).toBe(2);
    await expect.poll(() => count(`atlas_parked_key`)).toBe(1);
    expect(await count(`item WHERE sku = 'REFUSED'`)).toBe(0);
  });
});

describe('the rights of Reporting', () => {
  const written = () => aMessage('OrderReleased', { orderId: idOf('o', 1), orderVersion: 9n, releasedAt: 0n });

  it.each([...new Set(contract.consumers.map(({ message }) => message.topic))])(
    'are not enough to write to %s',
    async (topic) => {
      const stack = stackOf();
      const producer = await producerOf(stack, userOf('reporting'));
      try {
        const sent = producer.send({ topic: NAMESPACE + topic, messages: [{ value: written().type }] });
        await expect(sent).rejects.toThrow(/[Nn]ot authorized/);
      } finally {
        await producer.disconnect();
      }
    },
  );

  it('are enough to write its dead letters', async () => {
    const producer = await producerOf(stackOf(), userOf('reporting'));
    try {
      const sent = producer.send({ topic: `${NAMESPACE}${contract.dlqTopic}`, messages: [{ value: 'a letter' }] });
      await expect(sent).resolves.toMatchObject([{ errorCode: 0 }]);
    } finally {
      await producer.disconnect();
    }
  });

  it.each(Object.keys(stackOf().postgres.services).filter((name) => name !== 'reporting'))(
    'are not enough to connect to the database of %s',
    async (other) => {
      const { services } = stackOf().postgres;
      const url = new URL(services['reporting']?.appUrl ?? '');
      url.pathname = `/${services[other]?.database}`;
      await expect(runOn(url.href, 'SELECT')).rejects.toThrow('permission denied for database');
    },
  );

  it.each([
    ['DROP TABLE item', 'must be owner'],
    ['TRUNCATE item', 'permission denied'],
    ['UPDATE projection SET version = 2', 'permission denied'],
  ])('are not enough for: %s', async (statement, refusal) => {
    await expect(runOn(database.url, statement)).rejects.toThrow(refusal);
  });
});

async function runOn(url: string, statement: string): Promise<void> {
  const store = slonikStore(url, { maxConnections: 1 });
  try {
    await store.transaction((session) => slonikOf(txOf(session)).query({ ...sql.unsafe`SELECT`, sql: statement }));
  } finally {
    await store.close();
  }
}

function userOf(name: string) {
  const user = stackOf().kafka.users[name];
  if (!user) throw new Error(`the broker has no user for ${name}`);
  return user;
}
