import { sql, type FragmentSqlToken } from 'slonik';
import type { components, GetReceivablesAging } from '@atlas/generated-reporting';
import { rows } from '@atlas/runtime/slonik';
import { pages } from '../pages/index.ts';
import { cellsOf } from './chunks.ts';
import type { Cell } from './csv.ts';
import { CURRENCY_FORM, UUID_FORM } from './cursor.ts';
import { dayOf } from './days.ts';
import { chunksOf, pageOf, type List } from './list.ts';
import { decimalOf } from './money.ts';
import { report } from './report.ts';
import { TOPICS } from './topics.ts';

type Body = components['schemas']['ReceivablesAging'];
type Refusal = Exclude<GetReceivablesAging.Result, { readonly status: 200 }>;

const customers: List<GetReceivablesAging.Input, CustomerRow> = {
  operation: 'getReceivablesAging',
  forms: () => [UUID_FORM, CURRENCY_FORM],
  placeOf: ({ customerId, currency }) => [customerId, currency],
  rows: ({ db }, input, after, limit) => {
    const [customerId = null, currency = null] = after ?? [];
    return db.any(sql.prepared('reporting.aging_customers', rows<CustomerRow>())`
      ${openInvoices(input)} SELECT customer_id AS "customerId", aged.currency, ${BUCKETS}
      FROM aged JOIN order_summary o USING (order_id)
      WHERE ${customerId}::uuid IS NULL OR (o.customer_id, aged.currency) > (${customerId}::uuid, ${currency}::text)
      GROUP BY customer_id, aged.currency ORDER BY customer_id, aged.currency LIMIT ${limit}`);
  },
};

export const getReceivablesAging = report<GetReceivablesAging.Input, Body, Refusal>({
  topics: [TOPICS.orders, TOPICS.invoices, TOPICS.payments],
  body: async (look, input) => {
    const page = await pageOf(customers, look, input);
    if ('problem' in page) return page;
    const totals = await look.db.any(sql.prepared('reporting.aging_totals', rows<Buckets>())`
      ${openInvoices(input)} SELECT currency, ${BUCKETS} FROM aged GROUP BY currency ORDER BY currency`);
    return {
      asOf: dayAsked(input),
      totals: totals.map(viewBuckets),
      customers: page.rows.map((row) => ({ customerId: row.customerId, buckets: viewBuckets(row) })),
      ...page.next,
    };
  },
  page: pages.getReceivablesAging,
  file: {
    name: 'receivables-aging',
    columns: [
      'customerId',
      'currency',
      'invoices',
      'current',
      'days1To30',
      'days31To60',
      'days61To90',
      'over90',
      'total',
    ],
    rows: async (look, input) => cellsOf(chunksOf(customers, look, input), customerCells),
  },
});

/** The day for which the report says what is overdue. */
function dayAsked({ query, ctx }: GetReceivablesAging.Input): string {
  return query.asOf ?? dayOf(ctx.now);
}

/** The invoices with an open balance, and how many days each is overdue. */
function openInvoices(input: GetReceivablesAging.Input): FragmentSqlToken {
  return sql.fragment`
    WITH aged AS (
      SELECT i.order_id, i.currency, b.balance, ${dayAsked(input)}::date - i.due_date AS overdue
      FROM order_invoice i
      LEFT JOIN LATERAL (
        SELECT sum(amount_minor - unapplied_minor) AS applied FROM payment WHERE invoice_id = i.invoice_id
      ) p ON true
      CROSS JOIN LATERAL (
        SELECT (i.total_minor - i.credited_minor - coalesce(p.applied, 0))::int8 AS balance
      ) b
      WHERE i.paid_at IS NULL AND i.credited_minor < i.total_minor AND b.balance > 0
        AND i.currency = coalesce(${input.query.currency ?? null}::text, i.currency)
    )`;
}

const BUCKETS = sql.fragment`count(*) AS invoices,
  coalesce(sum(balance) FILTER (WHERE overdue <= 0), 0)::int8 AS "currentMinor",
  coalesce(sum(balance) FILTER (WHERE overdue BETWEEN 1 AND 30), 0)::int8 AS "days1To30Minor",
  coalesce(sum(balance) FILTER (WHERE overdue BETWEEN 31 AND 60), 0)::int8 AS "days31To60Minor",
  coalesce(sum(balance) FILTER (WHERE overdue BETWEEN 61 AND 90), 0)::int8 AS "days61To90Minor",
  coalesce(sum(balance) FILTER (WHERE overdue > 90), 0)::int8 AS "over90Minor",
  coalesce(sum(balance), 0)::int8 AS "totalMinor"`;

interface Buckets {
  readonly currency: string;
  readonly invoices: bigint;
  readonly currentMinor: bigint;
  readonly days1To30Minor: bigint;
  readonly days31To60Minor: bigint;
  readonly days61To90Minor: bigint;
  readonly over90Minor: bigint;
  readonly totalMinor: bigint;
}

interface CustomerRow extends Buckets {
  readonly customerId: string;
}

function viewBuckets(row: Buckets): components['schemas']['AgingBuckets'] {
  return {
    currency: row.currency,
    invoices: Number(row.invoices),
    currentMinor: Number(row.currentMinor),
    days1To30Minor: Number(row.days1To30Minor),
    days31To60Minor: Number(row.days31To60Minor),
    days61To90Minor: Number(row.days61To90Minor),
    over90Minor: Number(row.over90Minor),
    totalMinor: Number(row.totalMinor),
  };
}

function customerCells({ customerId, currency, invoices, ...row }: CustomerRow): readonly Cell[] {
  const amount = (minor: bigint): Cell => ({ numeral: decimalOf(minor, currency) });
  return [
    customerId,
    currency,
    Number(invoices),
    amount(row.currentMinor),
    amount(row.days1To30Minor),
    amount(row.days31To60Minor),
    amount(row.days61To90Minor),
    amount(row.over90Minor),
    amount(row.totalMinor),
  ];
}
