import { sql } from 'slonik';
import type { components, GetDailySales } from '@atlas/generated-reporting';
import type { ProblemError } from '@atlas/runtime';
import { rows } from '@atlas/runtime/slonik';
import { pages } from '../pages/index.ts';
import { cellsOf, oneChunk } from './chunks.ts';
import type { Cell } from './csv.ts';
import { addDays, dayOf, daysBetween } from './days.ts';
import { filterInvalid, rangeErrors } from './filters.ts';
import { decimalOf } from './money.ts';
import { report, type Look } from './report.ts';
import { TOPICS } from './topics.ts';

type Query = GetDailySales.Input['query'];
type Body = components['schemas']['DailySales'];
type Refusal = Exclude<GetDailySales.Result, { readonly status: 200 }>;

const DEFAULT_DAYS = 30;
const MAX_DAYS = 366;
/** The most rows that the contract allows. */
const MAX_ROWS = 4_000;

export const getDailySales = report<GetDailySales.Input, Body, Refusal>({
  topics: [TOPICS.orders, TOPICS.invoices, TOPICS.payments],
  check: ({ query, ctx }) => {
    const errors = misfits(rangeOf(query, ctx.now));
    return errors.length === 0 ? undefined : filterInvalid(errors);
  },
  body: sales,
  page: pages.getDailySales,
  file: {
    name: 'sales-daily',
    columns: [
      'day',
      'currency',
      'ordersPlaced',
      'placed',
      'ordersCancelled',
      'cancelled',
      'invoiced',
      'credited',
      'revenue',
      'paid',
      'refunded',
    ],
    rows: async (look, input) => {
      const body = await sales(look, input);
      return cellsOf('problem' in body ? body : oneChunk(body.days), cellsOfDay);
    },
  },
});

async function sales({ db }: Look, { query, ctx }: GetDailySales.Input): Promise<Omit<Body, 'meta'> | Refusal> {
  const { from, to } = rangeOf(query, ctx.now);
  const days = await db.any(sql.prepared('reporting.daily_sales', rows<Row>())`
    WITH found AS (
      SELECT * FROM sales_day
      WHERE day BETWEEN ${from}::date AND ${to}::date AND currency = coalesce(${query.currency ?? null}::text, currency)
    ), currencies AS (
      SELECT ${query.currency ?? null}::text AS currency WHERE ${query.currency ?? null}::text IS NOT NULL
      UNION SELECT currency FROM found
    )
    SELECT d::date AS day, c.currency, coalesce(orders_placed, 0) AS "ordersPlaced",
      coalesce(placed_minor, 0) AS "placedMinor", coalesce(orders_cancelled, 0) AS "ordersCancelled",
      coalesce(cancelled_minor, 0) AS "cancelledMinor", coalesce(invoiced_minor, 0) AS "invoicedMinor",
      coalesce(credited_minor, 0) AS "creditedMinor", coalesce(revenue_minor, 0) AS "revenueMinor",
      coalesce(paid_minor, 0) AS "paidMinor", coalesce(refunded_minor, 0) AS "refundedMinor"
    FROM currencies c
    CROSS JOIN generate_series(${from}::date::timestamp, ${to}::date::timestamp, '1 day') AS d
    LEFT JOIN found ON found.day = d::date AND found.currency = c.currency
    ORDER BY d, c.currency LIMIT ${MAX_ROWS + 1}`);
  if (days.length > MAX_ROWS) {
    const detail = `gives more than ${MAX_ROWS} rows, one per day and currency: ask for fewer days or for one currency`;
    return filterInvalid([{ pointer: '/query/to', detail }]);
  }
  return { from, to, days: days.map(viewDay) };
}

interface Row {
  readonly day: string;
  readonly currency: string;
  readonly ordersPlaced: bigint;
  readonly placedMinor: bigint;
  readonly ordersCancelled: bigint;
  readonly cancelledMinor: bigint;
  readonly invoicedMinor: bigint;
  readonly creditedMinor: bigint;
  readonly revenueMinor: bigint;
  readonly paidMinor: bigint;
  readonly refundedMinor: bigint;
}

function viewDay(row: Row): Body['days'][number] {
  return {
    day: row.day,
    currency: row.currency,
    ordersPlaced: Number(row.ordersPlaced),
    placedMinor: Number(row.placedMinor),
    ordersCancelled: Number(row.ordersCancelled),
    cancelledMinor: Number(row.cancelledMinor),
    invoicedMinor: Number(row.invoicedMinor),
    creditedMinor: Number(row.creditedMinor),
    revenueMinor: Number(row.revenueMinor),
    paidMinor: Number(row.paidMinor),
    refundedMinor: Number(row.refundedMinor),
  };
}

function cellsOfDay({ currency, ...day }: Body['days'][number]): readonly Cell[] {
  const amount = (minor: number): Cell => ({ numeral: decimalOf(minor, currency) });
  return [
    day.day,
    currency,
    day.ordersPlaced,
    amount(day.placedMinor),
    day.ordersCancelled,
    amount(day.cancelledMinor),
    amount(day.invoicedMinor),
    amount(day.creditedMinor),
    amount(day.revenueMinor),
    amount(day.paidMinor),
    amount(day.refundedMinor),
  ];
}

interface Range {
  readonly from: string;
  readonly to: string;
}

/** The first and the last day. Without the first, 30 days; without the last, up to today. */
function rangeOf({ from, to }: Query, now: Date): Range {
  if (from !== undefined) return { from, to: to ?? laterOf(dayOf(now), from) };
  const last = to ?? dayOf(now);
  return { from: addDays(last, 1 - DEFAULT_DAYS), to: last };
}

function laterOf(a: string, b: string): string {
  return a > b ? a : b;
}

function misfits({ from, to }: Range): readonly ProblemError[] {
  if (daysBetween(from, to) <= MAX_DAYS) return rangeErrors(['from', from], ['to', to]);
  return [{ pointer: '/query/to', detail: `${to} is more than ${MAX_DAYS} days after ${from}` }];
}
