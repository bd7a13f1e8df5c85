import { sql, type CommonQueryMethods, type FragmentSqlToken } from 'slonik';
import type { components, SearchOrders } from '@atlas/generated-reporting';
import type { Actor, Problem, ProblemError } from '@atlas/runtime';
import { rows } from '@atlas/runtime/slonik';
import { pages } from '../pages/index.ts';
import { FOR_TRADERS, isTrader } from './access.ts';
import { all, exactInstant } from './columns.ts';
import { cellsOf } from './chunks.ts';
import { AMOUNT_FORM, INSTANT_FORM, UUID_FORM } from './cursor.ts';
import { filterInvalid, rangeErrors } from './filters.ts';
import { instantParam } from './instantParam.ts';
import { chunksOf, pageOf, type List } from './list.ts';
import { ORDER_CELLS, ORDER_COLUMNS, orderCells, viewOrder, type OrderColumns } from './orderRow.ts';
import { report } from './report.ts';
import { TOPICS } from './topics.ts';

type Query = SearchOrders.Input['query'];
type Body = components['schemas']['OrderPage'];
type Refusal = Exclude<SearchOrders.Result, { readonly status: 200 }>;

const orders: List<SearchOrders.Input, Row> = {
  operation: 'searchOrders',
  forms: ({ query }) => SORTS[query.sort].forms,
  placeOf: (row, { query }) => SORTS[query.sort].placeOf(row),
  rows: ({ db }, { query }, after, limit) => findOrders(db, query, after, limit),
};

export const searchOrders = report<SearchOrders.Input, Body, Refusal>({
  topics: [TOPICS.orders, TOPICS.invoices],
  check: ({ query, ctx }) => forbidden(query, ctx.actor) ?? misfit(query),
  body: async (look, input) => {
    const page = await pageOf(orders, look, input);
    if ('problem' in page) return page;
    return { items: page.rows.map((row) => viewOrder(row, input.ctx.actor)), ...page.next };
  },
  page: pages.searchOrders,
  file: {
    name: 'orders',
    columns: ORDER_CELLS,
    rows: async (look, input) =>
      cellsOf(chunksOf(orders, look, input), (row) => orderCells(viewOrder(row, input.ctx.actor))),
  },
});

interface Row extends OrderColumns {
  readonly placedAtExact: string;
}

interface Sort {
  readonly column: FragmentSqlToken;
  readonly descending: boolean;
  /** The forms of a cursor's values: that of the column, then the order's id. */
  readonly forms: readonly RegExp[];
  readonly placeOf: (row: Row) => readonly string[];
  /** A cursor's first value as a value of the column. */
  readonly bound: (value: string) => FragmentSqlToken;
}

const BY_PLACED: Omit<Sort, 'descending'> = {
  column: sql.fragment`placed_at`,
  forms: [INSTANT_FORM, UUID_FORM],
  placeOf: ({ placedAtExact, orderId }) => [placedAtExact, orderId],
  bound: (value) => sql.fragment`${value}::timestamptz`,
};

const BY_TOTAL: Omit<Sort, 'descending'> = {
  column: sql.fragment`total_minor`,
  forms: [AMOUNT_FORM, UUID_FORM],
  placeOf: ({ totalMinor, orderId }) => [String(totalMinor), orderId],
  bound: (value) => sql.fragment`${value}::int8`,
};

const SORTS: Readonly<Record<Query['sort'], Sort>> = {
  placedAt: { ...BY_PLACED, descending: false },
  '-placedAt': { ...BY_PLACED, descending: true },
  total: { ...BY_TOTAL, descending: false },
  '-total': { ...BY_TOTAL, descending: true },
};

/** Orders after a position. */
async function findOrders(
  db: CommonQueryMethods,
  query: Query,
  after: readonly string[] | undefined,
  limit: number,
): Promise<readonly Row[]> {
  return db.any(sql.type(rows<Row>())`${await ordersQuery(db, query, after, limit)}`);
}

/**
 * The statement that finds orders. It has no name, because a prepared statement would get one plan for all values, and
 * whether a filter leaves ten orders or a million depends on its value.
 */
export async function ordersQuery(
  db: CommonQueryMethods,
  query: Query,
  after: readonly string[] | undefined,
  limit: number,
): Promise<FragmentSqlToken> {
  const { column, descending, bound } = SORTS[query.sort];
  const direction = descending ? sql.fragment`DESC` : sql.fragment`ASC`;
  const [value, orderId] = after ?? [];
  const conditions = [
    ...conditionsOf(query),
    ...(value === undefined || orderId === undefined
      ? []
      : [
          sql.fragment`(${column}, order_id) ${descending ? sql.fragment`<` : sql.fragment`>`} (${bound(value)}, ${orderId}::uuid)`,
        ]),
  ];
  const { source, before } = await sourceOf(db, query);
  return sql.fragment`
    ${before}
    SELECT ${ORDER_COLUMNS}, ${exactInstant(sql.fragment`o.placed_at`)} AS "placedAtExact"
    FROM (
      SELECT * FROM ${source} WHERE ${all(conditions)} ORDER BY ${column} ${direction}, order_id ${direction}
      LIMIT ${limit}
    ) AS o
    LEFT JOIN order_invoice i USING (order_id)
    ORDER BY o.${column} ${direction}, o.order_id ${direction}`;
}

/** Up to this many orders, sorting them is faster than finding them one by one. */
const FEW = 2_000;

/**
 * The source of the orders. Few orders have a large total, and the server's statistics do not show how few. So if a
 * filter by total leaves few orders, they are all selected first, instead of searching all orders by time.
 */
async function sourceOf(
  db: CommonQueryMethods,
  query: Query,
): Promise<{ readonly source: FragmentSqlToken; readonly before: FragmentSqlToken }> {
  const everything = { source: sql.fragment`order_summary`, before: sql.fragment`` };
  if (query['total[gte]'] === undefined && query['total[lt]'] === undefined) return everything;
  const matching = sql.fragment`FROM order_summary WHERE ${all(totalConditions(query))}`;
  const { count } = await db.one(sql.type(rows<{ readonly count: bigint }>())`
    SELECT count(*) FROM (SELECT ${matching} LIMIT ${FEW + 1}) AS found`);
  if (count > FEW) return everything;
  return { source: sql.fragment`few`, before: sql.fragment`WITH few AS MATERIALIZED (SELECT * ${matching})` };
}

function conditionsOf(query: Query): readonly FragmentSqlToken[] {
  const from = query['placedAt[gte]'];
  const to = query['placedAt[lt]'];
  const conditions: (FragmentSqlToken | false)[] = [
    query.state !== undefined && sql.fragment`state = ${query.state}`,
    query.customerId !== undefined && sql.fragment`customer_id = ${query.customerId}::uuid`,
    query.requesterId !== undefined && sql.fragment`requester_id = ${query.requesterId}`,
    query.sku !== undefined && sql.fragment`skus @> ${sql.array([query.sku], 'text')}`,
    from !== undefined && sql.fragment`placed_at >= ${instantParam(from) ?? from}::timestamptz`,
    to !== undefined && sql.fragment`placed_at < ${instantParam(to) ?? to}::timestamptz`,
    ...totalConditions(query),
  ];
  return conditions.filter((condition) => condition !== false);
}

function totalConditions(query: Query): readonly FragmentSqlToken[] {
  const least = query['total[gte]'];
  const below = query['total[lt]'];
  const conditions: (FragmentSqlToken | false)[] = [
    query.currency !== undefined && sql.fragment`currency = ${query.currency}`,
    least !== undefined && sql.fragment`total_minor >= ${least}::int8`,
    below !== undefined && sql.fragment`total_minor < ${below}::int8`,
  ];
  return conditions.filter((condition) => condition !== false);
}

/** Refuses to filter or sort by what the caller may not see. */
function forbidden(query: Query, actor: Actor): Problem<403, 'filter-forbidden'> | undefined {
  if (isTrader(actor)) return undefined;
  const names = [
    ...FOR_TRADERS.filters.filter((name) => query[name] !== undefined),
    ...(FOR_TRADERS.sorts.some((sort) => sort === query.sort) ? ['sort'] : []),
  ];
  if (names.length === 0) return undefined;
  const detail = 'is about customers or amounts, which admins do not see';
  return {
    status: 403,
    problem: {
      code: 'filter-forbidden',
      detail: 'admins see neither customers nor amounts, so they may not filter or sort by them',
      errors: names.map((name) => ({ pointer: `/query/${name}`, detail })),
    },
  };
}

function misfit(query: Query): Problem<400, 'filter-invalid'> | undefined {
  const errors: ProblemError[] = [];
  const byTotal = [
    ...(['total[gte]', 'total[lt]'] as const).filter((name) => query[name] !== undefined),
    ...(SORTS[query.sort].column === BY_TOTAL.column ? ['sort'] : []),
  ];
  if (query.currency === undefined) {
    const detail = 'needs currency, because minor units of different currencies cannot be compared';
    errors.push(...byTotal.map((name) => ({ pointer: `/query/${name}`, detail })));
  }
  const [from, to] = (['placedAt[gte]', 'placedAt[lt]'] as const).map((name) => {
    const text = query[name];
    const instant = text === undefined ? undefined : instantParam(text);
    if (text !== undefined && instant === undefined)
      errors.push({ pointer: `/query/${name}`, detail: 'is not an instant that a calendar has' });
    return instant;
  });
  errors.push(
    ...rangeErrors(['placedAt[gte]', from], ['placedAt[lt]', to]),
    ...rangeErrors(['total[gte]', query['total[gte]']], ['total[lt]', query['total[lt]']]),
  );
  return errors.length === 0 ? undefined : filterInvalid(errors);
}
