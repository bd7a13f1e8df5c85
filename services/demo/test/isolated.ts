import { startErp } from '@atlas/erp';
import type { Sandbox } from '@atlas/payment-sandbox';
import { type DatabaseUrls, mintToken, readStack, type StackInfo, type System, withAdmin } from '@atlas/stack';
import kafkajs, { type Admin } from 'kafkajs';
import { vi } from 'vitest';
import { peopleOf, type People, type Role } from '../src/people/people.ts';
import { beginning, type Beginning } from '../src/story/readAnswers.ts';
import { CONTRACTS } from '../src/system/contracts.ts';
import { EVENT_TOPICS } from '../src/topics/eventOf.ts';
import { recordFeed, type RecordFeed } from '../src/topics/recordFeed.ts';
import { customer, type Customer } from './customer.ts';

/**
 * The whole ERP with a namespace and databases of its own, so that suites and a running demo do not disturb each other.
 */
export interface Isolated {
  readonly stack: StackInfo;
  readonly namespace: string;
  readonly system: System;
  /** The payment provider outside. */
  readonly sandbox: Sandbox;
  readonly customer: Customer;
  /** One person for each role, with tokens of the local key. */
  readonly people: People;
  /** The state before the first event. */
  readonly begun: Beginning;
  /** Every record that is written to the topics of events and dead letters. */
  readonly feed: RecordFeed;
  /** By service. */
  readonly databases: Readonly<Record<string, DatabaseUrls>>;
  /** Resolves once the service has read all records that are in its topics now, and has committed its offsets. */
  readAll(service: string): Promise<void>;
  /**
   * Writes a copy of each event that was seen, in the same sequence, as may happen after a failure of a broker or a
   * relay.
   */
  deliverAgain(): Promise<void>;
  close(): Promise<void>;
}

/** The topics of dead letters, by service. */
export const DEAD_LETTERS: ReadonlyMap<string, string> = new Map(
  CONTRACTS.flatMap(({ service, dlqTopic }) => (dlqTopic === undefined ? [] : [[service, dlqTopic]])),
);

/** The topics that a service reads. */
const READ: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  CONTRACTS.map(({ service, consumers }) => [service, new Set(consumers.map(({ message }) => message.topic))]),
);

/**
 * Throws if no stack is up. `suite` is part of topic and database names: lower case, digits and underscores.
 */
export async function isolated(suite: string): Promise<Isolated> {
  const stack = readStack();
  if (stack === undefined) throw new Error('no stack is up: run `make up` first');
  await using undo = new AsyncDisposableStack();
  const { namespace, databases, system, sandbox, providerKey, stop } = await startErp(stack, {
    isolated: suite,
    // short, because the group waits for a killed member until its session ends
    env: () => ({ KAFKA_SESSION_SECONDS: '6' }),
  });
  undo.defer(stop);
  const feed = await recordFeed(stack, {
    namespace,
    topics: [...EVENT_TOPICS, ...DEAD_LETTERS.values()],
  });
  undo.defer(() => feed.close());
  const { url } = system.process('gateway');
  const shopper = await customer(stack, url);
  const loginOf = async (role: Role) => ({
    name: role,
    token: await mintToken(stack, { sub: `e2e-${role}`, roles: [role] }),
  });
  const people = await peopleOf(loginOf, url);
  const begun = await beginning(people, sandbox.url, providerKey);
  const readAll = (service: string): Promise<void> =>
    withAdmin(stack.kafka.brokers, stack.kafka.admin, async (admin) => {
      for (const topic of READ.get(service) ?? [])
        await vi.waitFor(async () => {
          const left = await unread(admin, namespace + service, namespace + topic);
          if (left.length > 0) throw new Error(`${service} has not read partitions ${left.join(', ')} of ${topic}`);
        }, 60_000);
    });
  const deliverAgain = async (): Promise<void> => {
    const { brokers, admin: sasl } = stack.kafka;
    const kafka = new kafkajs.Kafka({ brokers: [...brokers], sasl: { mechanism: 'plain', ...sasl } });
    const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    await producer.connect();
    const byTopic = Map.groupBy(feed.records(), ({ topic }) => topic);
    const topicMessages = [...byTopic].map(([topic, records]) => ({
      topic: namespace + topic,
      messages: records.map(({ partition, key = null, value, headers }) => ({ partition, key, value, headers })),
    }));
    await producer.sendBatch({ topicMessages });
    await producer.disconnect();
  };
  const kept = undo.move();
  return {
    stack,
    namespace,
    system,
    sandbox,
    customer: shopper,
    people,
    begun,
    feed,
    databases,
    readAll,
    deliverAgain,
    close: () => kept.disposeAsync(),
  };
}

/** Partitions of the topic with records after the offset that the group has committed. */
async function unread(admin: Admin, groupId: string, topic: string): Promise<readonly number[]> {
  const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] });
  const at = new Map(committed?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
  const ends = await admin.fetchTopicOffsets(topic);
  return ends
    .filter(({ partition, high }) => BigInt(high) > 0n && (at.get(partition) ?? -1n) < BigInt(high))
    .map(({ partition }) => partition);
}
