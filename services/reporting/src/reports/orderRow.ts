import { sql } from 'slonik';
import type { components } from '@atlas/generated-reporting';
import type { Actor } from '@atlas/runtime';
import { FOR_TRADERS, isTrader } from './access.ts';
import type { Cell } from './csv.ts';
import { decimalOf } from './money.ts';

type OrderRow = components['schemas']['OrderRow'];

/** The columns that show an order, from `order_summary o` and `order_invoice i`. */
export const ORDER_COLUMNS = sql.fragment`o.order_id AS "orderId", o.state, o.customer_id AS "customerId",
  o.requester_id AS "requesterId", o.total_minor AS "totalMinor", o.currency, o.line_count AS lines,
  i.number AS "invoiceNumber", o.cancel_reason AS "cancelReason", o.placed_at AS "placedAt",
  o.state_since AS "stateSince"`;

export interface OrderColumns {
  readonly orderId: string;
  readonly state: OrderRow['state'];
  readonly customerId: string;
  readonly requesterId: string;
  readonly totalMinor: bigint;
  readonly currency: string;
  readonly lines: number;
  readonly invoiceNumber: string | null;
  readonly cancelReason: string | null;
  readonly placedAt: Date;
  readonly stateSince: Date;
}

/** An order as the actor may see it. */
export function viewOrder(row: OrderColumns, actor: Actor): OrderRow {
  const order: OrderRow = {
    orderId: row.orderId,
    state: row.state,
    customerId: row.customerId,
    requesterId: row.requesterId,
    total: { amountMinor: Number(row.totalMinor), currency: row.currency },
    lines: row.lines,
    ...(row.invoiceNumber === null ? {} : { invoiceNumber: row.invoiceNumber }),
    ...(row.cancelReason === null ? {} : { cancelReason: row.cancelReason }),
    placedAt: row.placedAt.toISOString(),
    stateSince: row.stateSince.toISOString(),
  };
  return isTrader(actor) ? order : without(order, FOR_TRADERS.order);
}

/** The columns of an order in a file. */
export const ORDER_CELLS: readonly string[] = [
  'orderId',
  'state',
  'customerId',
  'requesterId',
  'total',
  'currency',
  'lines',
  'invoiceNumber',
  'cancelReason',
  'placedAt',
  'stateSince',
];

/** The cells of ORDER_CELLS. What the reader may not see is empty. */
export function orderCells({ total, ...order }: OrderRow): readonly Cell[] {
  return [
    order.orderId,
    order.state,
    order.customerId,
    order.requesterId,
    total && { numeral: decimalOf(total.amountMinor, total.currency) },
    total?.currency,
    order.lines,
    order.invoiceNumber,
    order.cancelReason,
    order.placedAt,
    order.stateSince,
  ];
}

function without<T extends object, Name extends keyof T>(value: T, names: readonly Name[]): Omit<T, Name> {
  const rest: Partial<T> = { ...value };
  for (const name of names) delete rest[name];
  // cast: exactly the named members are removed
  return rest as Omit<T, Name>;
}
