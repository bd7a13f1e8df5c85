import { sql } from 'slonik';
import { rows } from '@atlas/runtime/slonik';
import type { AwaitingApproval, Cancelled, Draft, Placed, Shortage } from '../domain/order.ts';
import type { OrderRow } from './orderRows.ts';

const ORDER = sql.fragment`
  SELECT o.*, l.line_id, l.sku, l.qty, l.unit_price, l.unit_price_digits, l.warehouse_id, l.net AS line_net, l.tax AS line_tax
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

export function selectShortages(orderId: string) {
  return sql.prepared('orders.select_shortages', rows<Shortage>())`
    SELECT sku, wanted, available FROM order_shortage WHERE order_id = ${orderId} ORDER BY position`;
}

export function selectVersion(orderId: string) {
  return sql.prepared('orders.select_version', rows<{ readonly version: bigint }>())`
    SELECT version FROM orders WHERE order_id = ${orderId}`;
}

export function insertOrder({ state, version, terms }: Draft) {
  return sql.prepared('orders.insert', rows<never>())`
    INSERT INTO orders (order_id, version, state, customer_id, requester_id, currency, tax_rate_basis_points, net, tax,
      total, created_at)
    VALUES (${terms.orderId}, ${version}, ${state}, ${terms.customerId}, ${terms.requesterId}, ${terms.currency},
      ${terms.taxRateBasisPoints}, ${terms.net}, ${terms.tax}, ${terms.total}, ${terms.createdAt.toISOString()})`;
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

export function insertShortages(orderId: string, shortages: readonly Shortage[]) {
  const tuples = shortages.map(({ sku, wanted, available }, index) => [orderId, index + 1, sku, wanted, available]);
  return sql.prepared('orders.insert_shortages', rows<never>())`
    INSERT INTO order_shortage (order_id, position, sku, wanted, available)
    SELECT * FROM ${sql.unnest(tuples, ['uuid', 'int4', 'text', 'int8', 'int8'])}`;
}

/** Updates no row if the stored version is not the version before. */
export function updateOrder(order: Placed | AwaitingApproval | Cancelled) {
  const reservation = order.state === 'AWAITING_APPROVAL' ? order.reservation : undefined;
  const cancellation = order.state === 'CANCELLED' ? order.cancellation : undefined;
  return sql.prepared('orders.update', rows<never>())`
    UPDATE orders SET version = ${order.version}, state = ${order.state},
      placed_at = ${order.placement.placedAt.toISOString()}, digest = ${order.placement.digest},
      reservation_id = ${reservation?.reservationId ?? null},
      reservation_expires_at = ${reservation?.expiresAt.toISOString() ?? null},
      cancellation_reason = ${cancellation?.reason ?? null},
      cancelled_at = ${cancellation?.cancelledAt.toISOString() ?? null}
    WHERE order_id = ${order.terms.orderId} AND version = ${order.version - 1n}`;
}
