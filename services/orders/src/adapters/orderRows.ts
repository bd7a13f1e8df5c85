import type { Cancellation, Line, Order, PaymentTerms, Shipment, Shortage, Terms } from '../domain/order.ts';

/** An order joined with one of its lines, as the statements in orderStatements.ts select it. */
export interface OrderRow {
  readonly order_id: string;
  readonly version: bigint;
  readonly state: Order['state'];
  /** NULL in rows that were last written by a release without this column. */
  readonly state_since: Date | null;
  readonly customer_id: string;
  readonly requester_id: string;
  readonly currency: string;
  readonly tax_rate_basis_points: number;
  readonly payment_terms: PaymentTerms;
  readonly net: bigint;
  readonly tax: bigint;
  readonly total: bigint;
  readonly created_at: Date;
  readonly placed_at: Date | null;
  readonly digest: string | null;
  readonly reservation_id: string | null;
  readonly reservation_expires_at: Date | null;
  readonly approval_id: string | null;
  readonly approval_auto: boolean | null;
  readonly approved_at: Date | null;
  readonly invoice_id: string | null;
  readonly invoice_number: string | null;
  /** YYYY-MM-DD. */
  readonly invoice_due: string | null;
  readonly paid_at: Date | null;
  readonly cancel_requested_by: string | null;
  readonly cancel_requested_at: Date | null;
  readonly cancellation_reason: Cancellation['reason'] | 'DISCARDED' | null;
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

/** A shipment joined with one of its lines. */
export interface ShipmentRow {
  readonly shipment_id: string;
  readonly warehouse_id: string;
  readonly shipped_at: Date;
  readonly order_version: bigint;
  readonly line_id: string;
  readonly qty: bigint;
  readonly net: bigint;
}

/** The data of an order in other tables, in the states that may have such data. */
export interface Details {
  readonly shortages: readonly Shortage[];
  readonly shipments: readonly Shipment[];
}

/** `row` is any row of the order; `rows` are all of them, in the sequence of the lines. */
export function toOrder(row: OrderRow, rows: readonly OrderRow[], { shortages, shipments }: Details): Order {
  const { state, version } = row;
  const since = row.state_since ?? row.cancelled_at ?? row.placed_at ?? row.created_at;
  const at = { version, since, terms: toTerms(row, rows) };
  if (state === 'DRAFT') return { ...at, state };
  if (state === 'CANCELLED' && row.cancellation_reason === 'DISCARDED') {
    return { ...at, state, request: filled(requestOf(row)) };
  }
  const placed = { ...at, placement: { placedAt: filled(row.placed_at), digest: filled(row.digest) } };
  switch (state) {
    case 'PLACED':
      return { ...placed, state };
    case 'AWAITING_APPROVAL':
      return { ...placed, state, reservation: reservationOf(row) };
    case 'CANCELLED':
      return {
        ...placed,
        state,
        confirmation: confirmationOf(row),
        invoice: invoiceOf(row),
        request: requestOf(row),
        cancellation: cancellationOf(row, shortages),
      };
    case 'AWAITING_PAYMENT':
      return { ...placed, state, ...confirmedOf(row) };
    case 'READY':
    case 'PARTIALLY_FULFILLED':
      return { ...placed, state, ...confirmedOf(row), shipments };
    case 'CANCELLING':
      return { ...placed, state, ...confirmedOf(row), shipments, request: filled(requestOf(row)) };
    case 'FULFILLED':
      return { ...placed, state, ...confirmedOf(row), shipments, request: requestOf(row) };
  }
}

/** Rows that are ordered by shipment. */
export function toShipments(rows: readonly ShipmentRow[]): readonly Shipment[] {
  return [...Map.groupBy(rows, ({ shipment_id: id }) => id).values()].flatMap((ofOne) => {
    const [row] = ofOne;
    if (!row) return [];
    const lines = ofOne.map(({ line_id: lineId, qty, net }) => ({ lineId, qty, net }));
    return {
      shipmentId: row.shipment_id,
      warehouseId: row.warehouse_id,
      shippedAt: row.shipped_at,
      orderVersion: row.order_version,
      lines,
    };
  });
}

function reservationOf(row: OrderRow) {
  return { reservationId: filled(row.reservation_id), expiresAt: filled(row.reservation_expires_at) };
}

function confirmedOf(row: OrderRow) {
  return { reservation: reservationOf(row), confirmation: filled(confirmationOf(row)), invoice: invoiceOf(row) };
}

function confirmationOf({ approval_id: approvalId, approval_auto: auto, approved_at: decidedAt }: OrderRow) {
  return approvalId === null ? undefined : { approvalId, auto: filled(auto), decidedAt: filled(decidedAt) };
}

function invoiceOf(row: OrderRow) {
  if (row.invoice_id === null) return undefined;
  return {
    invoiceId: row.invoice_id,
    number: row.invoice_number ?? undefined,
    dueDate: row.invoice_due ?? undefined,
    paidAt: row.paid_at ?? undefined,
  };
}

function requestOf({ cancel_requested_by: requestedBy, cancel_requested_at: requestedAt }: OrderRow) {
  return requestedBy === null ? undefined : { requestedBy, requestedAt: filled(requestedAt) };
}

function cancellationOf(row: OrderRow, shortages: readonly Shortage[]): Cancellation {
  const reason = filled(row.cancellation_reason);
  if (reason === 'DISCARDED') throw new Error(`order ${row.order_id} was placed, and is discarded`);
  return { reason, shortages, cancelledAt: filled(row.cancelled_at) };
}

function toTerms(row: OrderRow, rows: readonly OrderRow[]): Terms {
  return {
    orderId: row.order_id,
    customerId: row.customer_id,
    requesterId: row.requester_id,
    currency: row.currency,
    taxRateBasisPoints: row.tax_rate_basis_points,
    payment: row.payment_terms,
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
function filled<T>(value: T | null | undefined): T {
  if (value === null || value === undefined)
    throw new Error('a column of table orders is NULL, although its constraints require a value in this state');
  return value;
}
