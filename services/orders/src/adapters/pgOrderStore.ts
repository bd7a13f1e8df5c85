import type { CommonQueryMethods } from 'slonik';
import { VersionConflict } from '@atlas/runtime';
import { queueWrite, slonikOf } from '@atlas/runtime/slonik';
import type { Order } from '../domain/order.ts';
import type { OrderStore, Tx } from '../ports.ts';
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
  selectOrders,
  selectOrdersForUpdate,
  selectShipments,
  selectShortages,
  updateDraft,
  updateProgress,
  updateReserved,
} from './orderStatements.ts';

/** Orders in Postgres, in the transaction that the plumbing opened. */
export const pgOrderStore: OrderStore = {
  insert: async (tx, order) => {
    queueWrite(tx, insertOrder(order));
    queueWrite(tx, insertLines(order));
  },

  load: async (tx, orderId, expected) => {
    const db = slonikOf(tx);
    const locked = await db.any(selectOrderForUpdate(orderId));
    const order = await assemble(db, mayBeStale(locked) ? await db.any(selectOrder(orderId)) : locked);
    if (order && expected !== undefined && order.version !== expected) {
      throw new VersionConflict(`order ${orderId}`, expected, order.version);
    }
    return order;
  },

  loadAll: async (tx, orderIds) => {
    const db = slonikOf(tx);
    const locked = await db.any(selectOrdersForUpdate(orderIds));
    const found = mayBeStale(locked) ? await db.any(selectOrders(orderIds)) : locked;
    const orders = new Map<string, Order>();
    for (const [orderId, ofOne] of Map.groupBy(found, ({ order_id: id }) => id)) {
      const order = await assemble(db, ofOne);
      if (order) orders.set(orderId, order);
    }
    return orders;
  },

  read: async (read, orderId) => {
    const db = slonikOf(read);
    return assemble(db, await db.any(selectOrder(orderId)));
  },

  save: async (tx, order) => {
    queueWrite(tx, order.state === 'DRAFT' ? updateDraft(order) : updateProgress(order));
    saveDetails(tx, order);
  },

  saveReserved: async (tx, orders) => queueWrite(tx, updateReserved(orders)),
};

/**
 * A statement that waited for the lock sees orders as they are now, but their lines as they were when it began
 * (PostgreSQL, 13.2.1). Only the lines of a draft that was changed can differ.
 */
function mayBeStale(locked: readonly OrderRow[]): boolean {
  return locked.some(({ state, version }) => state === 'DRAFT' && version > 1n);
}

/** Writes the additions of a change to other tables. */
function saveDetails(tx: Tx, order: Order): void {
  const { orderId } = order.terms;
  if (order.state === 'DRAFT') {
    queueWrite(tx, deleteLines(orderId));
    queueWrite(tx, insertLines(order));
  }
  if ('cancellation' in order && order.cancellation.shortages.length > 0) {
    queueWrite(tx, insertShortages(orderId, order.cancellation.shortages));
  }
  if ('shipments' in order) {
    for (const shipment of order.shipments.filter(({ orderVersion }) => orderVersion === order.version)) {
      queueWrite(tx, insertShipment(orderId, shipment));
      queueWrite(tx, insertShipmentLines(orderId, shipment));
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
