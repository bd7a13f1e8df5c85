import type { CommonQueryMethods } from 'slonik';
import { VersionConflict } from '@atlas/runtime';
import { slonikOf } from '@atlas/runtime/slonik';
import type { Order } from '../domain/order.ts';
import type { OrderStore } from '../ports.ts';
import { toOrder, toShipments, type OrderRow } from './orderRows.ts';
import {
  deleteLines,
  insertLines,
  insertOrder,
  insertShipment,
  insertShipmentLines,
  insertShortages,
  selectOrder,
  selectOrderForUpdate,
  selectShipments,
  selectShortages,
  selectVersion,
  updateDraft,
  updateProgress,
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
    const locked = await db.any(selectOrderForUpdate(orderId));
    // A statement that waited for the lock sees the order as it is now, but its lines as they were when it began
    // (PostgreSQL, 13.2.1). Only the lines of a draft that was changed can differ.
    const [row] = locked;
    const stale = row?.state === 'DRAFT' && row.version > 1n;
    const order = await assemble(db, stale ? await db.any(selectOrder(orderId)) : locked);
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
    const { rowCount } = await db.query(order.state === 'DRAFT' ? updateDraft(order) : updateProgress(order));
    if (rowCount === 0) {
      throw new VersionConflict(`order ${orderId}`, order.version - 1n, (await db.one(selectVersion(orderId))).version);
    }
    await saveDetails(db, order);
  },
};

/** Writes the additions of a change to other tables. */
async function saveDetails(db: CommonQueryMethods, order: Order): Promise<void> {
  const { orderId } = order.terms;
  if (order.state === 'DRAFT') {
    await db.query(deleteLines(orderId));
    await db.query(insertLines(order));
  }
  if ('cancellation' in order && order.cancellation.shortages.length > 0) {
    await db.query(insertShortages(orderId, order.cancellation.shortages));
  }
  if ('shipments' in order) {
    for (const shipment of order.shipments.filter(({ orderVersion }) => orderVersion === order.version)) {
      await db.query(insertShipment(orderId, shipment));
      await db.query(insertShipmentLines(orderId, shipment));
    }
  }
}

async function assemble(db: CommonQueryMethods, rows: readonly OrderRow[]): Promise<Order | undefined> {
  const [row] = rows;
  if (!row) return undefined;
  const shortages = row.cancellation_reason === 'INSUFFICIENT_STOCK' ? await db.any(selectShortages(row.order_id)) : [];
  const shipments = MAY_HAVE_SHIPPED.has(row.state)
    ? toShipments(await db.any(selectShipments(row.order_id, row.version)))
    : [];
  return toOrder(row, rows, { shortages, shipments });
}

const MAY_HAVE_SHIPPED: ReadonlySet<Order['state']> = new Set(['PARTIALLY_FULFILLED', 'CANCELLING', 'FULFILLED']);
