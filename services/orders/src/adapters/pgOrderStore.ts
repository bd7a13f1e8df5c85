import type { CommonQueryMethods } from 'slonik';
import { VersionConflict } from '@atlas/runtime';
import { slonikOf } from '@atlas/runtime/slonik';
import type { Order } from '../domain/order.ts';
import type { OrderStore } from '../ports.ts';
import { toOrder, type OrderRow } from './orderRows.ts';
import {
  insertLines,
  insertOrder,
  insertShortages,
  selectOrder,
  selectOrderForUpdate,
  selectShortages,
  selectVersion,
  updateOrder,
} from './orderStatements.ts';

/** Orders in Postgres, in the transaction that the plumbing opened. */
export const pgOrderStore: OrderStore = {
  insert: async (tx, order) => {
    const db = slonikOf(tx);
    await db.query(insertOrder(order));
    await db.query(insertLines(order));
  },

  load: async (tx, orderId, expected) => {
    const db = slonikOf(tx);
    const order = await assemble(db, await db.any(selectOrderForUpdate(orderId)));
    if (order && expected !== undefined && order.version !== expected) {
      throw new VersionConflict(`order ${orderId}`, expected, order.version);
    }
    return order;
  },

  read: async (read, orderId) => {
    const db = slonikOf(read);
    return assemble(db, await db.any(selectOrder(orderId)));
  },

  save: async (tx, order) => {
    const db = slonikOf(tx);
    const { orderId } = order.terms;
    const { rowCount } = await db.query(updateOrder(order));
    if (rowCount === 0) {
      throw new VersionConflict(`order ${orderId}`, order.version - 1n, (await db.one(selectVersion(orderId))).version);
    }
    if (order.state === 'CANCELLED') await db.query(insertShortages(orderId, order.cancellation.shortages));
  },
};

async function assemble(db: CommonQueryMethods, rows: readonly OrderRow[]): Promise<Order | undefined> {
  const [row] = rows;
  if (!row) return undefined;
  const shortages = row.state === 'CANCELLED' ? await db.any(selectShortages(row.order_id)) : [];
  return toOrder(row, rows, shortages);
}
