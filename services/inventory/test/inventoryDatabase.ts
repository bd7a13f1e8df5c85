import { sql } from 'slonik';
import { contract } from '@atlas/generated-inventory';
import type { Read, Tx } from '@atlas/runtime';
import { runMigrations } from '@atlas/runtime/migrate';
import { readOf, rows, slonikOf, slonikStore, txOf } from '@atlas/runtime/slonik';
import { cloneDatabase, dropDatabase, readStack } from '@atlas/stack';

const migrations = new URL('../migrations/', import.meta.url);

const EMPTY = sql.unsafe`
  TRUNCATE item, warehouse, stock_level, movement, reservation, reservation_line, reservation_shortage, shipment,
    shipment_line, adjustment`;

export interface InventoryDatabase {
  /** Runs `work` as the plumbing runs a handler: as the service's own role, and again after a serialization failure. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  read<T>(work: (read: Read) => Promise<T>): Promise<T>;
  /** Each balance, with the sums of the ledger and of the reservations. */
  balances(): Promise<readonly Balance[]>;
  /** Empties the tables, as their owner. */
  forget(): Promise<void>;
  close(): Promise<void>;
}

export interface Balance {
  readonly sku: string;
  readonly onHand: bigint;
  readonly moved: bigint;
  readonly reserved: bigint;
  readonly held: bigint;
}

/** Makes a migrated database on the stack's server. */
export async function inventoryDatabase(name: string): Promise<InventoryDatabase> {
  const stack = readStack();
  if (!stack) throw new Error('no stack is up: run `make up` first');
  const { ownerUrl, appUrl } = await cloneDatabase(stack, 'inventory', name, { template: 'template1', replace: true });
  await runMigrations({ contract, ownerUrl, migrations });
  const store = slonikStore(appUrl, { maxConnections: 20 });
  const owner = slonikStore(ownerUrl, { maxConnections: 1 });
  const transaction: InventoryDatabase['transaction'] = (work) => store.transaction((session) => work(txOf(session)));
  return {
    transaction,
    read: (work) => store.read((session) => work(readOf(session))),
    balances: () =>
      transaction((tx) =>
        slonikOf(tx).any(sql.prepared('test.balances', rows<Balance>())`
          SELECT s.sku, s.on_hand AS "onHand", s.reserved,
            (SELECT coalesce(sum(delta), 0)::int8 FROM movement m
              WHERE (m.sku, m.warehouse_id) = (s.sku, s.warehouse_id)) AS moved,
            (SELECT coalesce(sum(qty - shipped), 0)::int8 FROM reservation_line l JOIN reservation r USING (reservation_id)
              WHERE r.state IN ('HELD', 'COMMITTED') AND (l.sku, l.warehouse_id) = (s.sku, s.warehouse_id)) AS held
          FROM stock_level s JOIN warehouse w USING (warehouse_id) ORDER BY s.sku, w.code`),
      ),
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
