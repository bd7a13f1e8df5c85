import { cloneDatabase, dropDatabase, readStack, type StackInfo } from '@atlas/stack';
import { customer, type Customer } from '../src/customer/customer.ts';
import { SERVICES, type ServiceName } from '../src/system/services.ts';
import { addressesOf, type Databases, startSystem, type System } from '../src/system/system.ts';
import { EVENT_TOPICS } from '../src/topics/eventOf.ts';
import { recordFeed, type RecordFeed } from '../src/topics/recordFeed.ts';

/** The whole ERP under a namespace and on databases of its own, so that suites and a running demo never meet. */
export interface Isolated {
  readonly stack: StackInfo;
  readonly namespace: string;
  readonly system: System;
  readonly customer: Customer;
  /** Everything that is written to the topics of events and dead letters. */
  readonly feed: RecordFeed;
  readonly databases: Readonly<Record<ServiceName, Databases>>;
  close(): Promise<void>;
}

export const DEAD_LETTERS: Readonly<Record<ServiceName, string>> = {
  orders: 'atlas.orders.dlq.v1',
  inventory: 'atlas.inventory.dlq.v1',
};

/** Throws when no stack is up. `suite` names topics and databases: lower case, digits and underscores. */
export async function isolated(suite: string): Promise<Isolated> {
  const stack = readStack();
  if (stack === undefined) throw new Error('no stack is up: run `make up` first');
  await using undo = new AsyncDisposableStack();
  const namespace = `${suite}.`;
  const fresh = async (service: ServiceName): Promise<Databases> => {
    const name = `${service}_${suite}`;
    await dropDatabase(stack, name);
    const urls = await cloneDatabase(stack, service, name, { template: 'template1' });
    undo.defer(() => dropDatabase(stack, name));
    return urls;
  };
  const databases = { orders: await fresh('orders'), inventory: await fresh('inventory') };
  const system = await startSystem(stack, { namespace, databases });
  undo.defer(() => system.stop());
  const feed = await recordFeed(stack, {
    namespace,
    topics: [...EVENT_TOPICS, ...SERVICES.map((name) => DEAD_LETTERS[name])],
  });
  undo.defer(() => feed.close());
  const people = await customer(stack, addressesOf(system));
  const kept = undo.move();
  return { stack, namespace, system, customer: people, feed, databases, close: () => kept.disposeAsync() };
}
