import { sql, type QuerySqlToken } from 'slonik';
import { contract } from '@atlas/generated-inventory';
import type { Read, Tx } from '@atlas/runtime';
import { runMigrations } from '@atlas/runtime/migrate';
import { readOf, rows, slonikOf, slonikStore, txOf } from '@atlas/runtime/slonik';
import { cloneDatabase, dropDatabase, readStack } from '@atlas/stack';

const migrations = new URL('../migrations/', import.meta.url);

const EMPTY = sql.unsafe`
  TRUNCATE item, warehouse, stock_level, movement, reservation, reservation_line, reservation_shortage, shipment,
    shipment_line, adjustment, goods_return,
    goods_return_line`;

export interface InventoryDatabase {
  /** Runs `work` as the plumbing runs a handler: as the service's own role, and again after a serialization failure. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** How many handlers ran again, because of a deadlock for example. */
  retries(): number;
  read<T>(work: (read: Read) => Promise<T>): Promise<T>;
  /** Each balance, with the sums of the ledger and of the reservations. */
  balances(): Promise<readonly Balance[]>;
  /** What the view of the invariants says: a sentence for each that is broken. */
  drift(): Promise<readonly string[]>;
  /** Runs a statement with the rights of the tables' owner. */
  asOwner(statement: QuerySqlToken): Promise<void>;
  /** Empties the tables, as their owner. */
  empty(): Promise<void>;
  /** Empties the tables after a test. Throws if the test has left an invariant broken. */
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

interface Drift {
  readonly invariant: string;
  readonly place: string;
  readonly expected: string;
  readonly found: string;
}

/** Makes a migrated database on the stack's server. */
export async function inventoryDatabase(name: string): Promise<InventoryDatabase> {
  const stack = readStack();
  if (!stack) throw new Error('no stack is up: run `make up` first');
  const { ownerUrl, appUrl } = await cloneDatabase(stack, 'inventory', name, { template: 'template1', replace: true });
  await runMigrations({ contract, ownerUrl, migrations });
  // A hundred transactions on one item run one after the other, because each locks its row. Eighty of them wait for a
  // connection meanwhile, for about a second in all, longer on a busy machine. A service would give up after 2 s
  // (ATLAS_BUSY).
  const store = slonikStore(appUrl, { maxConnections: 20, connectionWait: 30_000 });
  const owner = slonikStore(ownerUrl, { maxConnections: 1 });
  let retries = 0;
  const transaction: InventoryDatabase['transaction'] = (work) => {
    let runs = 0;
    return store.transaction((session) => {
      runs += 1;
      if (runs > 1) retries += 1;
      return work(txOf(session));
    });
  };
  const asOwner: InventoryDatabase['asOwner'] = async (statement) => {
    await owner.transaction((session) => slonikOf(txOf(session)).query(statement));
  };
  const drift: InventoryDatabase['drift'] = () =>
    transaction(async (tx) => {
      const found = await slonikOf(tx).any(sql.prepared('test.drift', rows<Drift>())`
        SELECT invariant, place, expected::text, found::text FROM drift`);
      return found.map((one) => `${one.invariant}: ${one.place} has ${one.found}, expected ${one.expected}`);
    });
  return {
    transaction,
    retries: () => retries,
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
    drift,
    asOwner,
    empty: () => asOwner(EMPTY),
    forget: async () => {
      const broken = await drift();
      await asOwner(EMPTY);
      if (broken.length > 0) throw new Error(broken.join('; '));
    },
    close: async () => {
      await store.close();
      await owner.close();
      await dropDatabase(stack, name);
    },
  };
}
