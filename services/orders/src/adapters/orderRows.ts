import type { Cancellation, Line, Order, Shortage, Terms } from '../domain/order.ts';

/** An order joined with one of its lines, as the statements in orderStatements.ts select it. */
export interface OrderRow {
  readonly order_id: string;
  readonly version: bigint;
  readonly state: Order['state'];
  readonly customer_id: string;
  readonly requester_id: string;
  readonly currency: string;
  readonly tax_rate_basis_points: number;
  readonly net: bigint;
  readonly tax: bigint;
  readonly total: bigint;
  readonly created_at: Date;
  readonly placed_at: Date | null;
  readonly digest: string | null;
  readonly reservation_id: string | null;
  readonly reservation_expires_at: Date | null;
  readonly cancellation_reason: Cancellation['reason'] | null;
  readonly cancelled_at: Date | null;
  readonly line_id: string;
  readonly sku: string;
  readonly qty: bigint;
  readonly unit_price: bigint;
  readonly unit_price_digits: number;
  readonly warehouse_id: string | null;
  readonly line_net: bigint;
  readonly line_tax: bigint;
}

/** `row` is any row of the order; `rows` are all of them, in the sequence of the lines. */
export function toOrder(row: OrderRow, rows: readonly OrderRow[], shortages: readonly Shortage[]): Order {
  const { state, version } = row;
  const terms = toTerms(row, rows);
  if (state === 'DRAFT') return { state, version, terms };
  const placement = { placedAt: filled(row.placed_at), digest: filled(row.digest) };
  switch (state) {
    case 'PLACED':
      return { state, version, terms, placement };
    case 'AWAITING_APPROVAL': {
      const reservation = {
        reservationId: filled(row.reservation_id),
        expiresAt: filled(row.reservation_expires_at),
      };
      return { state, version, terms, placement, reservation };
    }
    case 'CANCELLED': {
      const cancellation = {
        reason: filled(row.cancellation_reason),
        shortages,
        cancelledAt: filled(row.cancelled_at),
      };
      return { state, version, terms, placement, cancellation };
    }
  }
}

function toTerms(row: OrderRow, rows: readonly OrderRow[]): Terms {
  return {
    orderId: row.order_id,
    customerId: row.customer_id,
    requesterId: row.requester_id,
    currency: row.currency,
    taxRateBasisPoints: row.tax_rate_basis_points,
    lines: rows.map(toLine),
    net: row.net,
    tax: row.tax,
    total: row.total,
    createdAt: row.created_at,
  };
}

function toLine(row: OrderRow): Line {
  return {
    lineId: row.line_id,
    sku: row.sku,
    qty: row.qty,
    unitPrice: { preciseAmount: row.unit_price, fractionDigits: row.unit_price_digits },
    warehouseId: row.warehouse_id ?? undefined,
    net: row.line_net,
    tax: row.line_tax,
  };
}

/** A column that is not NULL in this state, by the constraints of the table. */
function filled<T>(value: T | null): T {
  if (value === null)
    throw new Error('a column of table orders is NULL, although its constraints require a value in this state');
  return value;
}
