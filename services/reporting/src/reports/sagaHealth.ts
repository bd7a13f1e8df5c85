import { sql, type FragmentSqlToken } from 'slonik';
import type { components, GetSagaHealth } from '@atlas/generated-reporting';
import { rows } from '@atlas/runtime/slonik';
import { pages } from '../pages/index.ts';
import { cellsOf } from './chunks.ts';
import { exactInstant } from './columns.ts';
import type { Cell } from './csv.ts';
import { INSTANT_FORM, UUID_FORM } from './cursor.ts';
import { chunksOf, pageOf, type List } from './list.ts';
import { report } from './report.ts';
import { openOrders, situationOf, type OpenOrder } from './saga/openOrders.ts';
import { movedBy, OPEN_STATES, waitsFor, type OrderState } from './saga/situations.ts';
import { TOPICS } from './topics.ts';

type Body = components['schemas']['SagaHealth'];
type Refusal = Exclude<GetSagaHealth.Result, { readonly status: 200 }>;

const stuck: List<GetSagaHealth.Input, OpenOrder> = {
  operation: 'getSagaHealth',
  forms: () => [INSTANT_FORM, UUID_FORM],
  placeOf: ({ sinceExact, orderId }) => [sinceExact, orderId],
  rows: ({ db, at }, input, after, limit) => {
    const [since = null, orderId = null] = after ?? [];
    return db.any(sql.type(rows<OpenOrder>())`
      SELECT order_id AS "orderId", state, state_since AS since, ${exactInstant(sql.fragment`state_since`)} AS "sinceExact",
        invoice_number AS "invoiceNumber", situation, deadline
      FROM (${openIn(input)}) AS open
      WHERE deadline < ${at.toISOString()}::timestamptz
        AND (${since}::timestamptz IS NULL OR (state_since, order_id) > (${since}::timestamptz, ${orderId}::uuid))
      ORDER BY state_since, order_id LIMIT ${limit}`);
  },
};

export const getSagaHealth = report<GetSagaHealth.Input, Body, Refusal>({
  topics: [TOPICS.orders, TOPICS.reservations, TOPICS.approvals, TOPICS.invoices],
  body: async (look, input) => {
    const page = await pageOf(stuck, look, input);
    if ('problem' in page) return page;
    const states = await look.db.any(sql.type(rows<StateRow>())`
      SELECT state, count(*) AS orders, count(*) FILTER (WHERE deadline < ${look.at.toISOString()}::timestamptz) AS stuck
      FROM (${openIn(input)}) AS open GROUP BY state`);
    return {
      states: statesOf(states, input.query.state),
      stuck: page.rows.map((order) => viewStuck(order, look.at)),
      ...page.next,
    };
  },
  page: pages.getSagaHealth,
  file: {
    name: 'saga-health',
    columns: ['orderId', 'state', 'since', 'standsSeconds', 'deadline', 'overdueSeconds', 'waitsFor', 'movedBy'],
    rows: async (look, input) =>
      cellsOf(chunksOf(stuck, look, input), (order) => stuckCells(viewStuck(order, look.at))),
  },
});

/** The open orders in the state that is asked for. */
function openIn({ query }: GetSagaHealth.Input): FragmentSqlToken {
  return openOrders(query.state === undefined ? sql.fragment`true` : sql.fragment`o.state = ${query.state}`);
}

interface StateRow {
  readonly state: OrderState;
  readonly orders: bigint;
  readonly stuck: bigint;
}

/** A row for each state in which an order may be, or for the requested one. */
function statesOf(found: readonly StateRow[], asked: OrderState | undefined): Body['states'] {
  return OPEN_STATES.filter((state) => asked === undefined || state === asked).map((state) => {
    const { orders = 0n, stuck = 0n } = found.find((row) => row.state === state) ?? {};
    return { state, orders: Number(orders), stuck: Number(stuck) };
  });
}

type StuckOrder = components['schemas']['StuckOrder'];

function viewStuck(order: OpenOrder, at: Date): StuckOrder {
  const situation = situationOf(order);
  return {
    orderId: order.orderId,
    state: order.state,
    since: order.since.toISOString(),
    standsSeconds: secondsBetween(order.since, at),
    deadline: order.deadline.toISOString(),
    overdueSeconds: secondsBetween(order.deadline, at),
    waitsFor: waitsFor(situation, order),
    movedBy: movedBy(situation),
  };
}

function stuckCells(order: StuckOrder): readonly Cell[] {
  return [
    order.orderId,
    order.state,
    order.since,
    order.standsSeconds,
    order.deadline,
    order.overdueSeconds,
    order.waitsFor,
    order.movedBy,
  ];
}

function secondsBetween(from: Date, to: Date): number {
  return Math.max(0, to.getTime() - from.getTime()) / 1_000;
}
