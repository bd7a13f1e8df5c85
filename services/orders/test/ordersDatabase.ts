import { sql } from 'slonik';
import { contract } from '@atlas/generated-orders';
import type { Read, Tx } from '@atlas/runtime';
import { runMigrations } from '@atlas/runtime/migrate';
import { readOf, rows, slonikOf, slonikStore, txOf } from '@atlas/runtime/slonik';
import { cloneDatabase, dropDatabase, readStack } from '@atlas/stack';

const migrations = new URL('../migrations/', import.meta.url);
const EMPTY = sql.unsafe`TRUNCATE orders, order_line, order_shortage, order_shipment, order_shipment_line, atlas_outbox, atlas_sequence, atlas_idempotency`;

/** Events are counted by their sequences, because the relay deletes rows from the outbox. */
export interface Counts {
  readonly events: bigint;
  readonly orders: bigint;
}

export interface OrdersDatabase {
  /** Its address as the service's own role. */
  readonly url: string;
  /** Runs `work` as the plumbing runs a handler: in a transaction of the service's own role. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  read<T>(work: (read: Read) => Promise<T>): Promise<T>;
  /** How many orders there are, and how many events they have sent so far. */
  counts(): Promise<Counts>;
  /** How many transactions wait for a lock. */
  waiting(): Promise<bigint>;
  /** Empties the tables, as their owner. */
  forget(): Promise<void>;
  close(): Promise<void>;
}

/** Makes a migrated database on the stack's server. */
export async function ordersDatabase(name: string): Promise<OrdersDatabase> {
  const stack = readStack();
  if (!stack) throw new Error('no stack is up: run `make up` first');
  const { ownerUrl, appUrl } = await cloneDatabase(stack, 'orders', name, { template: 'template1', replace: true });
  await runMigrations({ contract, ownerUrl, migrations });
  const store = slonikStore(appUrl);
  const owner = slonikStore(ownerUrl, { maxConnections: 1 });
  return {
    url: appUrl,
    transaction: (work) => store.transaction((session) => work(txOf(session))),
    read: (work) => store.read((session) => work(readOf(session))),
    counts: () =>
      store.read((session) =>
        slonikOf(readOf(session)).one(sql.prepared('test.counts', rows<Counts>())`
          SELECT (SELECT coalesce(sum(n), 0)::int8 FROM atlas_sequence) AS events, (SELECT count(*) FROM orders) AS orders`),
      ),
    waiting: async () => {
      const { count } = await store.read((session) =>
        slonikOf(readOf(session)).one(sql.prepared('test.waiting', rows<{ readonly count: bigint }>())`
          SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`),
      );
      return count;
    },
    forget: async () => {
      await owner.transaction((session) => slonikOf(txOf(session)).query(EMPTY));
    },
    close: async () => {
      await store.close();
      await owner.close();
      await dropDatabase(stack, name);
    },
  };
}
