import { sql } from 'slonik';
import type { Tx } from '@atlas/runtime';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import { instantOf } from './instants.ts';
import { foldRows, type Folding } from './foldRows.ts';
import { oneOf, type AnyMessage, type Projection } from './projection.ts';
import { tableOf } from './table.ts';

export interface OrderSummaryRow {
  readonly order_id: string;
  readonly state: OrderState;
  readonly state_since: Date;
  readonly customer_id: string;
  readonly requester_id: string;
  readonly currency: string;
  readonly total_minor: bigint;
  readonly line_count: number;
  readonly skus: readonly string[];
  readonly terms: string | null;
  readonly cancel_reason: string | null;
  readonly placed_at: Date;
  readonly sequence: bigint;
}

type OrderState =
  | 'PLACED'
  | 'AWAITING_APPROVAL'
  | 'AWAITING_PAYMENT'
  | 'READY'
  | 'PARTIALLY_FULFILLED'
  | 'CANCELLING'
  | 'CANCELLED'
  | 'FULFILLED';

const table = tableOf<OrderSummaryRow>('order_summary', ['order_id'], {
  order_id: 'uuid',
  state: 'text',
  state_since: 'timestamptz',
  customer_id: 'uuid',
  requester_id: 'text',
  currency: 'text',
  total_minor: 'int8',
  line_count: 'int4',
  skus: 'text[]',
  terms: 'text',
  cancel_reason: 'text',
  placed_at: 'timestamptz',
  sequence: 'int8',
});

const isOrderEvent = oneOf(
  'OrderPlaced',
  'OrderReserved',
  'OrderConfirmed',
  'OrderReleased',
  'OrderShipmentRecorded',
  'OrderCancellationRequested',
  'OrderCancelled',
  'OrderFulfilled',
);
type OrderEvent = Extract<AnyMessage, { readonly type: `Order${string}` }>;

/** An order as it is now. It begins with OrderPlaced, and nothing changes its state once it has ended. */
export const summaries: Folding<OrderSummaryRow, 'order_id'> = {
  table,
  key: ['order_id'],
  keyOf: (message) => (isOrderEvent(message) ? { order_id: message.data.orderId } : undefined),
  fold: (row, message) => {
    if (!isOrderEvent(message)) return row;
    if (!row) return begun(message);
    const sequence = message.meta.sequence ?? row.sequence;
    const state = stateAfter(row.state, message.type);
    if (state === row.state) return { ...row, sequence };
    return {
      ...row,
      sequence,
      state,
      state_since: instantOf(message.meta.time),
      terms: message.type === 'OrderConfirmed' ? message.data.terms : row.terms,
      cancel_reason: message.type === 'OrderCancelled' ? message.data.reason : row.cancel_reason,
    };
  },
};

function begun({ type, data, meta }: OrderEvent): OrderSummaryRow | undefined {
  if (type !== 'OrderPlaced') return undefined;
  return {
    order_id: data.orderId,
    state: 'PLACED',
    state_since: instantOf(meta.time),
    customer_id: data.customerId,
    requester_id: data.requesterId,
    currency: data.total.currency,
    total_minor: data.total.amountMinor,
    line_count: data.lines.length,
    skus: [...new Set(data.lines.map(({ sku }) => sku))].sort(),
    terms: null,
    cancel_reason: null,
    placed_at: instantOf(data.placedAt),
    sequence: meta.sequence ?? 0n,
  };
}

function stateAfter(state: OrderState, type: OrderEvent['type']): OrderState {
  if (state === 'CANCELLED' || state === 'FULFILLED') return state;
  switch (type) {
    case 'OrderPlaced':
      return state;
    case 'OrderReserved':
      return 'AWAITING_APPROVAL';
    case 'OrderConfirmed':
      return 'AWAITING_PAYMENT';
    case 'OrderReleased':
      return 'READY';
    case 'OrderShipmentRecorded':
      // goods that leave before Inventory answers do not change the requested cancellation
      return state === 'CANCELLING' ? state : 'PARTIALLY_FULFILLED';
    case 'OrderCancellationRequested':
      return 'CANCELLING';
    case 'OrderCancelled':
      return 'CANCELLED';
    case 'OrderFulfilled':
      return 'FULFILLED';
  }
}

export const orderSummary: Projection = {
  name: 'orderSummary',
  version: 1,
  tables: [table.name],
  apply: (messages, tx) => foldRows(summaries, messages, tx),
};

/** The total of a cancelled order. */
export interface OrderTotal {
  readonly order_id: string;
  readonly currency: string;
  readonly total_minor: bigint;
}

/** The totals of these orders, by their ids in lower case. They never change, so nothing is locked. */
export async function orderTotals(tx: Tx, orderIds: ReadonlySet<string>): Promise<ReadonlyMap<string, OrderTotal>> {
  const found = await slonikOf(tx).any(sql.prepared('reporting.order_totals', rows<OrderTotal>())`
    SELECT o.* FROM unnest(${sql.array([...orderIds], 'uuid')}) AS wanted (order_id) CROSS JOIN LATERAL (
      SELECT order_id, currency, total_minor FROM order_summary WHERE order_summary.order_id = wanted.order_id LIMIT 1
    ) AS o`);
  return new Map(found.map((order) => [order.order_id, order]));
}
