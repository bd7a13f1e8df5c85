import { randomUUID } from 'node:crypto';
import { sql } from 'slonik';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import { pgOrderStore } from '../src/adapters/pgOrderStore.ts';
import { evolve } from '../src/domain/evolve.ts';
import type { Tx } from '../src/ports.ts';
import { ordersDatabase, type OrdersDatabase } from './ordersDatabase.ts';
import { aDraft, aLine, NOW, placement, reservation } from './samples.ts';

let database: OrdersDatabase;
beforeAll(async () => {
  database = await ordersDatabase(`orders_plans_${process.pid}`);
});
afterAll(() => database.close());

/** How many rows of `orders` this transaction has read so far. */
async function rowsRead(tx: Tx): Promise<number> {
  const { read } = await slonikOf(tx).one(sql.type(rows<{ readonly read: bigint }>())`
    SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) AS read FROM pg_stat_xact_user_tables WHERE relname = 'orders'`);
  return Number(read);
}

describe('a set of orders', () => {
  it('is locked by the prepared plan, whatever its length', async () => {
    const plans = await database.transaction(async (tx) => {
      for (let n = 1; n <= 20; n++)
        await pgOrderStore.loadAll(
          tx,
          Array.from({ length: 1 + (n % 8) }, () => randomUUID()),
        );
      return slonikOf(tx).one(sql.type(rows<{ readonly custom: bigint }>())`
        SELECT custom_plans AS custom FROM pg_prepared_statements WHERE name = 'orders.select_all_for_update'`);
    });
    // the first five, after which Postgres compares
    expect(plans).toEqual({ custom: 5n });
  });
});

describe('a set of ten orders', () => {
  it('that get their stock costs ten lookups, also by plans from when the table was empty', async () => {
    const orderId = randomUUID();
    const draft = aDraft({ orderId, lines: [aLine({ lineId: randomUUID() })] });
    const placed = evolve.toPlaced(draft, placement);
    const reserve = async (tx: Tx, orderIds: readonly string[]) => {
      await pgOrderStore.loadAll(tx, orderIds);
      const orders = orderIds.map((id) => ({ ...placed, terms: { ...placed.terms, orderId: id } }));
      await pgOrderStore.saveReserved(
        tx,
        orders.map((order) => evolve.toAwaitingApproval(order, reservation, NOW)),
      );
    };
    const read = await database.transaction(async (tx) => {
      const db = slonikOf(tx);
      // a plan that stays, as a connection has it after it has run a statement often
      await db.query(sql.unsafe`SET LOCAL plan_cache_mode = force_generic_plan`);
      await reserve(tx, []);
      await pgOrderStore.insert(tx, draft);
      await pgOrderStore.save(tx, placed);
      const found = await db.any(sql.type(rows<{ readonly id: string }>())`
        INSERT INTO orders
        SELECT (json_populate_record(o, json_build_object('order_id', gen_random_uuid()))).*
        FROM orders o, generate_series(1, 2000) RETURNING order_id AS id`);
      const before = await rowsRead(tx);
      await reserve(
        tx,
        found.slice(0, 10).map(({ id }) => id),
      );
      return (await rowsRead(tx)) - before;
    });
    // once to lock, once to write, and once for each version of a row that an index still has
    expect(read).toBeLessThanOrEqual(40);
  });
});
