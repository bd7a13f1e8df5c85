import { sql } from 'slonik';
import type { components, GetSagaHealth } from '@atlas/generated-reporting';
import { rows } from '@atlas/runtime/slonik';
import { exactInstant } from './columns.ts';
import { CURSOR_INVALID, cursorsOf, INSTANT_FORM, UUID_FORM } from './cursor.ts';
import { report } from './report.ts';
import { openOrders, situationOf, type OpenOrder } from './saga/openOrders.ts';
import { movedBy, OPEN_STATES, waitsFor, type OrderState } from './saga/situations.ts';
import { TOPICS } from './topics.ts';

type Body = components['schemas']['SagaHealth'];
type Refusal = Exclude<GetSagaHealth.Result, { readonly status: 200 }>;

/** What sorts before every order. */
const FIRST = ['0001-01-01T00:00:00.000000Z', '00000000-0000-0000-0000-000000000000'] as const;

export const getSagaHealth = report<GetSagaHealth.Input, Body, Refusal>({
  topics: [TOPICS.orders, TOPICS.reservations, TOPICS.approvals, TOPICS.invoices],
  body: async ({ db, at }, { query }) => {
    const cursors = cursorsOf('getSagaHealth', query);
    const after = query.cursor === undefined ? FIRST : cursors.valuesOf(query.cursor, [INSTANT_FORM, UUID_FORM]);
    if (!after) return CURSOR_INVALID;
    const [since = '', orderId = ''] = after;
    const now = at.toISOString();
    const open = openOrders(sql.fragment`o.state = coalesce(${query.state ?? null}::text, o.state)`);
    const states = await db.any(sql.type(rows<StateRow>())`
      SELECT state, count(*) AS orders, count(*) FILTER (WHERE deadline < ${now}::timestamptz) AS stuck
      FROM (${open}) AS open GROUP BY state`);
    const stuck = await db.any(sql.type(rows<OpenOrder>())`
      SELECT order_id AS "orderId", state, state_since AS since, ${exactInstant(sql.fragment`state_since`)} AS "sinceExact",
        invoice_number AS "invoiceNumber", situation, deadline
      FROM (${open}) AS open
      WHERE deadline < ${now}::timestamptz AND (state_since, order_id) > (${since}::timestamptz, ${orderId}::uuid)
      ORDER BY state_since, order_id LIMIT ${query.limit + 1}`);
    const page = stuck.slice(0, query.limit);
    const last = stuck.length > query.limit ? page.at(-1) : undefined;
    return {
      states: statesOf(states, query.state),
      stuck: page.map((order) => viewStuck(order, at)),
      ...(last ? { nextCursor: cursors.after([last.sinceExact, last.orderId]) } : {}),
    };
  },
});

interface StateRow {
  readonly state: OrderState;
  readonly orders: bigint;
  readonly stuck: bigint;
}

/** A row for each state in which an order may stand, or for the one that was asked for. */
function statesOf(found: readonly StateRow[], asked: OrderState | undefined): Body['states'] {
  return OPEN_STATES.filter((state) => asked === undefined || state === asked).map((state) => {
    const { orders = 0n, stuck = 0n } = found.find((row) => row.state === state) ?? {};
    return { state, orders: Number(orders), stuck: Number(stuck) };
  });
}

function viewStuck(order: OpenOrder, at: Date): components['schemas']['StuckOrder'] {
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

function secondsBetween(from: Date, to: Date): number {
  return Math.max(0, to.getTime() - from.getTime()) / 1_000;
}
