import { randomUUID } from 'node:crypto';
import { sql } from 'slonik';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tx } from '@atlas/runtime';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import { pgReservationStore } from '../src/adapters/pgReservationStore.ts';
import { pgStockLedger } from '../src/adapters/pgStockLedger.ts';
import { inventoryDatabase, type InventoryDatabase } from './inventoryDatabase.ts';

let database: InventoryDatabase;
beforeAll(async () => {
  database = await inventoryDatabase(`inventory_plans_${process.pid}`);
});
afterAll(() => database.close());

const warehouseId = randomUUID();
const skusOf = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `ITEM-${from + n}`);

/** Adds items with a balance each. */
async function stock(tx: Tx, skus: readonly string[]): Promise<void> {
  const db = slonikOf(tx);
  const list = sql.array(skus, 'text');
  await db.query(sql.unsafe`
    INSERT INTO item (sku, name, base_unit, version) SELECT sku, 'x', 'x', 1 FROM unnest(${list}) AS sku`);
  await db.query(sql.unsafe`
    INSERT INTO stock_level (sku, warehouse_id, on_hand, reserved)
    SELECT sku, ${warehouseId}, 100, 0 FROM unnest(${list}) AS sku`);
}

/** How many rows of `stock_level` this transaction has read so far. */
async function rowsRead(tx: Tx): Promise<number> {
  const { read } = await slonikOf(tx).one(sql.type(rows<{ readonly read: bigint }>())`
    SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) AS read FROM pg_stat_xact_user_tables
    WHERE relname = 'stock_level'`);
  return Number(read);
}

const lines = (skus: readonly string[]) => skus.map((sku) => ({ sku, warehouseId, qty: 1n }));

const operations: readonly (readonly [string, (tx: Tx, skus: readonly string[]) => Promise<unknown>])[] = [
  ['are locked', (tx, skus) => pgStockLedger.lockAll(tx, skus)],
  ['are held', (tx, skus) => pgStockLedger.hold(tx, lines(skus))],
  [
    'are moved',
    (tx, skus) =>
      pgStockLedger.record(
        tx,
        skus.map((sku) => ({
          movementId: randomUUID(),
          sku,
          warehouseId,
          kind: 'RECEIPT',
          sourceId: null,
          delta: 1n,
          onHandAfter: 101n,
          reservedAfter: 0n,
          recordedAt: new Date(),
        })),
      ),
  ],
];

describe('balances of ten items', () => {
  it.each(operations)('that %s cost ten lookups, also by plans from when there were few', async (_what, run) => {
    const rolledBack = new Error('only to look');
    let read = Number.NaN;
    const looked = database.transaction(async (tx) => {
      const db = slonikOf(tx);
      // a plan that stays, as a connection has it after it has run a statement often
      await db.query(sql.unsafe`SET LOCAL plan_cache_mode = force_generic_plan`);
      await db.query(sql.unsafe`
        INSERT INTO warehouse (warehouse_id, code, name, version) VALUES (${warehouseId}, 'W', 'W', 1)`);
      await stock(tx, skusOf(0, 10));
      await run(tx, skusOf(0, 10));
      await stock(tx, skusOf(10, 2000));
      const before = await rowsRead(tx);
      await run(tx, skusOf(1000, 1010));
      read = (await rowsRead(tx)) - before;
      throw rolledBack;
    });
    await expect(looked).rejects.toBe(rolledBack);
    // once each, and once for each version of a row that an index still has
    expect(read).toBeLessThanOrEqual(40);
  });
});

describe('what was answered to the orders of a set', () => {
  it('is looked up by the prepared plan, whatever the length of the set', async () => {
    const plans = await database.transaction(async (tx) => {
      for (let n = 1; n <= 20; n++)
        await pgReservationStore.states(
          tx,
          Array.from({ length: 1 + (n % 8) }, () => randomUUID()),
        );
      return slonikOf(tx).one(sql.type(rows<{ readonly custom: bigint }>())`
        SELECT custom_plans AS custom FROM pg_prepared_statements WHERE name = 'inventory.select_states'`);
    });
    // the first five, after which Postgres compares
    expect(plans).toEqual({ custom: 5n });
  });
});
