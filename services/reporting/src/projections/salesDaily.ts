import type { Tx } from '@atlas/runtime';
import { addable } from './amounts.ts';
import { dayOf } from './instants.ts';
import { orderTotals, type OrderTotal } from './orderSummary.ts';
import type { AnyMessage, Projection } from './projection.ts';
import { tableOf } from './table.ts';

export interface SalesDayRow {
  readonly day: string;
  readonly currency: string;
  readonly orders_placed: bigint;
  readonly placed_minor: bigint;
  readonly orders_cancelled: bigint;
  readonly cancelled_minor: bigint;
  readonly invoiced_minor: bigint;
  readonly credited_minor: bigint;
  readonly revenue_minor: bigint;
  readonly paid_minor: bigint;
  readonly refunded_minor: bigint;
}

const table = tableOf<SalesDayRow>('sales_day', ['day', 'currency'], {
  day: 'date',
  currency: 'text',
  orders_placed: 'int8',
  placed_minor: 'int8',
  orders_cancelled: 'int8',
  cancelled_minor: 'int8',
  invoiced_minor: 'int8',
  credited_minor: 'int8',
  revenue_minor: 'int8',
  paid_minor: 'int8',
  refunded_minor: 'int8',
});

type Sums = Partial<Omit<SalesDayRow, 'day' | 'currency'>>;

interface Money {
  readonly amountMinor: bigint;
  readonly currency: string;
}

/** The sales that an event adds to its day. `totals` has the cancelled orders, because OrderCancelled has no amount. */
export function salesOf(
  { type, data, meta }: AnyMessage,
  totals: ReadonlyMap<string, OrderTotal>,
): SalesDayRow | undefined {
  switch (type) {
    case 'OrderPlaced':
      return row(data.placedAt, data.total, { orders_placed: 1n, placed_minor: addable(data.total.amountMinor) });
    case 'OrderCancelled': {
      const order = totals.get(data.orderId.toLowerCase());
      if (!order) return undefined;
      const total = { amountMinor: order.total_minor, currency: order.currency };
      return row(meta.time, total, { orders_cancelled: 1n, cancelled_minor: addable(order.total_minor) });
    }
    case 'OrderShipmentRecorded':
      return row(data.shippedAt, data.net, { revenue_minor: addable(data.net.amountMinor) });
    case 'InvoiceIssued':
      return row(data.issuedAt, data.total, { invoiced_minor: addable(data.total.amountMinor) });
    case 'InvoiceCredited':
      return row(data.creditedAt, data.total, { credited_minor: addable(data.total.amountMinor) });
    case 'PaymentSucceeded':
      return row(data.succeededAt, data.amount, { paid_minor: addable(data.amount.amountMinor) });
    case 'RefundSucceeded':
      return row(data.succeededAt, data.amount, { refunded_minor: addable(data.amount.amountMinor) });
    default:
      return undefined;
  }
}

function row(at: Date | bigint, { currency }: Money, sums: Sums): SalesDayRow {
  return { ...ZERO, ...sums, day: dayOf(at), currency };
}

const ZERO = {
  orders_placed: 0n,
  placed_minor: 0n,
  orders_cancelled: 0n,
  cancelled_minor: 0n,
  invoiced_minor: 0n,
  credited_minor: 0n,
  revenue_minor: 0n,
  paid_minor: 0n,
  refunded_minor: 0n,
};

/** One row per day and currency. */
export function summed(sales: readonly SalesDayRow[]): readonly SalesDayRow[] {
  const days = new Map<string, SalesDayRow>();
  for (const sale of sales) {
    const key = table.keyOf(['day', 'currency'], sale);
    const before = days.get(key);
    days.set(key, before ? plus(before, sale) : sale);
  }
  return [...days.values()];
}

function plus(one: SalesDayRow, other: SalesDayRow): SalesDayRow {
  return {
    ...one,
    orders_placed: one.orders_placed + other.orders_placed,
    placed_minor: one.placed_minor + other.placed_minor,
    orders_cancelled: one.orders_cancelled + other.orders_cancelled,
    cancelled_minor: one.cancelled_minor + other.cancelled_minor,
    invoiced_minor: one.invoiced_minor + other.invoiced_minor,
    credited_minor: one.credited_minor + other.credited_minor,
    revenue_minor: one.revenue_minor + other.revenue_minor,
    paid_minor: one.paid_minor + other.paid_minor,
    refunded_minor: one.refunded_minor + other.refunded_minor,
  };
}

/** All partitions write its rows, so it comes last: the rows are then locked for the shortest time. */
export const salesDaily: Projection = {
  name: 'salesDaily',
  version: 1,
  tables: [table.name],
  apply: async (messages, tx) => {
    const totals = await cancelledTotals(messages, tx);
    await table.write(tx, summed(messages.flatMap((message) => salesOf(message, totals) ?? [])), 'add');
  },
};

async function cancelledTotals(messages: readonly AnyMessage[], tx: Tx): Promise<ReadonlyMap<string, OrderTotal>> {
  const cancelled = new Set(
    messages.flatMap(({ type, data }) => (type === 'OrderCancelled' ? data.orderId.toLowerCase() : [])),
  );
  return cancelled.size === 0 ? new Map() : orderTotals(tx, cancelled);
}
