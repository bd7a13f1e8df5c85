import { sql } from 'slonik';
import { rows } from '@atlas/runtime/slonik';
import type { AwaitingApproval, Draft, Order, Shipment, Shortage } from '../domain/order.ts';
import type { OrderRow, ShipmentRow } from './orderRows.ts';

const LINE = sql.fragment`
  l.line_id, l.sku, l.qty, l.unit_price, l.unit_price_digits, l.warehouse_id, l.net AS line_net, l.tax AS line_tax`;

const ORDER = sql.fragment`
  SELECT o.*, ${LINE}
  FROM orders o JOIN order_line l USING (order_id)`;

export function selectOrder(orderId: string) {
  return sql.prepared('orders.select', rows<OrderRow>())`${ORDER} WHERE order_id = ${orderId} ORDER BY l.position`;
}

export function selectOrderForUpdate(orderId: string) {
  return sql.prepared(
    'orders.select_for_update',
    rows<OrderRow>(),
  )`${ORDER} WHERE order_id = ${orderId} ORDER BY l.position FOR UPDATE OF o`;
}

/*
 * Each order is looked up on its own (OFFSET 0, and FOR UPDATE in a subquery, rule out a join). A plan that joins was
 * made when the tables had few rows, reads all of them, and stays for a while after they have grown. The list is in a
 * subquery too, because the planner would make a new plan for each length of it.
 */
const LINES = sql.fragment`
  CROSS JOIN LATERAL (SELECT * FROM order_line l WHERE l.order_id = o.order_id OFFSET 0) l`;

export function selectOrders(orderIds: readonly string[]) {
  return sql.prepared('orders.select_all', rows<OrderRow>())`SELECT o.*, ${LINE}
    FROM unnest((SELECT ${sql.array(orderIds, 'uuid')})) AS wanted (id)
    CROSS JOIN LATERAL (SELECT * FROM orders WHERE order_id = wanted.id OFFSET 0) o ${LINES}
    ORDER BY o.order_id, l.position`;
}

/** Locks the orders in the sequence of their ids. */
export function selectOrdersForUpdate(orderIds: readonly string[]) {
  return sql.prepared('orders.select_all_for_update', rows<OrderRow>())`SELECT o.*, ${LINE}
    FROM (SELECT DISTINCT id FROM unnest((SELECT ${sql.array(orderIds, 'uuid')})) AS id ORDER BY id) wanted
    CROSS JOIN LATERAL (SELECT * FROM orders WHERE order_id = wanted.id FOR UPDATE) o ${LINES}
    ORDER BY o.order_id, l.position`;
}

export function selectShortages(orderId: string) {
  return sql.prepared('orders.select_shortages', rows<Shortage>())`
    SELECT sku, wanted, available FROM order_shortage WHERE order_id = ${orderId} ORDER BY position`;
}

/** The shipments that were recorded up to `version`, because a read without a lock may find later ones. */
export function selectShipments(orderId: string, version: bigint) {
  return sql.prepared('orders.select_shipments', rows<ShipmentRow>())`
    SELECT s.shipment_id, s.warehouse_id, s.shipped_at, s.order_version, l.line_id, l.qty, l.net
    FROM order_shipment s JOIN order_shipment_line l USING (order_id, shipment_id)
    WHERE order_id = ${orderId} AND s.order_version <= ${version} ORDER BY s.order_version, l.position`;
}

export function insertOrder({ state, version, since, terms }: Draft) {
  return sql.prepared('orders.insert', rows<never>())`
    INSERT INTO orders (order_id, version, state, state_since, customer_id, requester_id, currency,
      tax_rate_basis_points, payment_terms, net, tax, total, created_at)
    VALUES (${terms.orderId}, ${version}, ${state}, ${since.toISOString()}, ${terms.customerId}, ${terms.requesterId},
      ${terms.currency}, ${terms.taxRateBasisPoints}, ${terms.payment}, ${terms.net}, ${terms.tax}, ${terms.total},
      ${terms.createdAt.toISOString()})`;
}

export function insertLines({ terms }: Draft) {
  const tuples = terms.lines.map((line, index) => [
    terms.orderId,
    index + 1,
    line.lineId,
    line.sku,
    line.qty,
    line.unitPrice.preciseAmount,
    line.unitPrice.fractionDigits,
    line.warehouseId ?? null,
    line.net,
    line.tax,
  ]);
  return sql.prepared('orders.insert_lines', rows<never>())`
    INSERT INTO order_line (order_id, position, line_id, sku, qty, unit_price, unit_price_digits, warehouse_id, net, tax)
    SELECT * FROM ${sql.unnest(tuples, ['uuid', 'int4', 'uuid', 'text', 'int8', 'int8', 'int4', 'uuid', 'int8', 'int8'])}`;
}

export function deleteLines(orderId: string) {
  return sql.prepared('orders.delete_lines', rows<never>())`DELETE FROM order_line WHERE order_id = ${orderId}`;
}

/** Changes the terms of a draft. */
export function updateDraft({ version, terms }: Draft) {
  return sql.prepared('orders.update_draft', rows<never>())`
    UPDATE orders SET version = ${version}, customer_id = ${terms.customerId}, requester_id = ${terms.requesterId},
      currency = ${terms.currency}, tax_rate_basis_points = ${terms.taxRateBasisPoints},
      payment_terms = ${terms.payment}, net = ${terms.net}, tax = ${terms.tax}, total = ${terms.total}
    WHERE order_id = ${terms.orderId}`;
}

export function insertShortages(orderId: string, shortages: readonly Shortage[]) {
  const tuples = shortages.map(({ sku, wanted, available }, index) => [orderId, index + 1, sku, wanted, available]);
  return sql.prepared('orders.insert_shortages', rows<never>())`
    INSERT INTO order_shortage (order_id, position, sku, wanted, available)
    SELECT * FROM ${sql.unnest(tuples, ['uuid', 'int4', 'text', 'int8', 'int8'])}`;
}

export function insertShipment(orderId: string, { shipmentId, warehouseId, shippedAt, orderVersion }: Shipment) {
  return sql.prepared('orders.insert_shipment', rows<never>())`
    INSERT INTO order_shipment (order_id, shipment_id, warehouse_id, shipped_at, order_version)
    VALUES (${orderId}, ${shipmentId}, ${warehouseId}, ${shippedAt.toISOString()}, ${orderVersion})`;
}

export function insertShipmentLines(orderId: string, { shipmentId, lines }: Shipment) {
  const tuples = lines.map(({ lineId, qty, net }, index) => [orderId, shipmentId, index + 1, lineId, qty, net]);
  return sql.prepared('orders.insert_shipment_lines', rows<never>())`
    INSERT INTO order_shipment_line (order_id, shipment_id, position, line_id, qty, net)
    SELECT * FROM ${sql.unnest(tuples, ['uuid', 'uuid', 'int4', 'uuid', 'int8', 'int8'])}`;
}

/** Writes the progress of an order. */
export function updateProgress(order: Exclude<Order, Draft>) {
  const placement = 'placement' in order ? order.placement : undefined;
  const reservation = 'reservation' in order ? order.reservation : undefined;
  const confirmation = 'confirmation' in order ? order.confirmation : undefined;
  const invoice = 'invoice' in order ? order.invoice : undefined;
  const request = 'request' in order ? order.request : undefined;
  const [reason, cancelledAt] = endOf(order);
  return sql.prepared('orders.update_progress', rows<never>())`
    UPDATE orders SET version = ${order.version}, state = ${order.state}, state_since = ${order.since.toISOString()},
      placed_at = ${placement?.placedAt.toISOString() ?? null}, digest = ${placement?.digest ?? null},
      reservation_id = ${reservation?.reservationId ?? null},
      reservation_expires_at = ${reservation?.expiresAt.toISOString() ?? null},
      approval_id = ${confirmation?.approvalId ?? null}, approval_auto = ${confirmation?.auto ?? null},
      approved_at = ${confirmation?.decidedAt.toISOString() ?? null},
      invoice_id = ${invoice?.invoiceId ?? null}, invoice_number = ${invoice?.number ?? null},
      invoice_due = ${invoice?.dueDate ?? null}, paid_at = ${invoice?.paidAt?.toISOString() ?? null},
      cancel_requested_by = ${request?.requestedBy ?? null},
      cancel_requested_at = ${request?.requestedAt.toISOString() ?? null},
      cancellation_reason = ${reason}, cancelled_at = ${cancelledAt?.toISOString() ?? null}
    WHERE order_id = ${order.terms.orderId}`;
}

/**
 * Writes only what changes when an order gets its stock. It has no name, because an update by a list is a join, and a
 * prepared one would keep a plan that reads all orders.
 */
export function updateReserved(orders: readonly AwaitingApproval[]) {
  const tuples = orders.map(({ terms: { orderId }, version, state, since, reservation }) => [
    orderId,
    version,
    state,
    since.toISOString(),
    reservation.reservationId,
    reservation.expiresAt.toISOString(),
  ]);
  return sql.type(rows<never>())`
    UPDATE orders o SET version = r.version, state = r.state, state_since = r.state_since,
      reservation_id = r.reservation_id, reservation_expires_at = r.expires_at
    FROM ${sql.unnest(tuples, ['uuid', 'int8', 'text', 'timestamptz', 'uuid', 'timestamptz'])}
      AS r (order_id, version, state, state_since, reservation_id, expires_at)
    WHERE o.order_id = r.order_id`;
}

function endOf(order: Order): readonly [reason: string, at: Date] | readonly [null, undefined] {
  if (order.state !== 'CANCELLED') return [null, undefined];
  return 'cancellation' in order
    ? [order.cancellation.reason, order.cancellation.cancelledAt]
    : ['DISCARDED', order.since];
}
