import { sql } from 'slonik';
import type { components, GetReceivablesAging } from '@atlas/generated-reporting';
import { rows } from '@atlas/runtime/slonik';
import { CURRENCY_FORM, CURSOR_INVALID, cursorsOf, UUID_FORM } from './cursor.ts';
import { dayOf } from './days.ts';
import { report } from './report.ts';
import { TOPICS } from './topics.ts';

type Body = components['schemas']['ReceivablesAging'];
type Refusal = Exclude<GetReceivablesAging.Result, { readonly status: 200 }>;

/** What sorts before every customer and currency. */
const FIRST = ['00000000-0000-0000-0000-000000000000', ''] as const;

export const getReceivablesAging = report<GetReceivablesAging.Input, Body, Refusal>({
  topics: [TOPICS.orders, TOPICS.invoices, TOPICS.payments],
  body: async ({ db }, { query, ctx }) => {
    const cursors = cursorsOf('getReceivablesAging', query);
    const after = query.cursor === undefined ? FIRST : cursors.valuesOf(query.cursor, [UUID_FORM, CURRENCY_FORM]);
    if (!after) return CURSOR_INVALID;
    const asOf = query.asOf ?? dayOf(ctx.now);
    const open = openInvoices(asOf, query.currency);
    const totals = await db.any(sql.prepared('reporting.aging_totals', rows<Buckets>())`
      ${open} SELECT currency, ${BUCKETS} FROM aged GROUP BY currency ORDER BY currency`);
    const [customerId = '', currency = ''] = after;
    const customers = await db.any(sql.prepared('reporting.aging_customers', rows<CustomerRow>())`
      ${open} SELECT customer_id AS "customerId", aged.currency, ${BUCKETS}
      FROM aged JOIN order_summary o USING (order_id)
      WHERE (o.customer_id, aged.currency) > (${customerId}::uuid, ${currency}::text)
      GROUP BY customer_id, aged.currency ORDER BY customer_id, aged.currency LIMIT ${query.limit + 1}`);
    const page = customers.slice(0, query.limit);
    const last = customers.length > query.limit ? page.at(-1) : undefined;
    return {
      asOf,
      totals: totals.map(viewBuckets),
      customers: page.map((row) => ({ customerId: row.customerId, buckets: viewBuckets(row) })),
      ...(last ? { nextCursor: cursors.after([last.customerId, last.currency]) } : {}),
    };
  },
});

/** The invoices with an open balance, and how many days each is overdue. */
function openInvoices(asOf: string, currency: string | undefined) {
  return sql.fragment`
    WITH aged AS (
      SELECT i.order_id, i.currency, b.balance, ${asOf}::date - i.due_date AS overdue
      FROM order_invoice i
      LEFT JOIN LATERAL (
        SELECT sum(amount_minor - unapplied_minor) AS applied FROM payment WHERE invoice_id = i.invoice_id
      ) p ON true
      CROSS JOIN LATERAL (
        SELECT (i.total_minor - i.credited_minor - coalesce(p.applied, 0))::int8 AS balance
      ) b
      WHERE i.paid_at IS NULL AND i.credited_minor < i.total_minor AND b.balance > 0
        AND i.currency = coalesce(${currency ?? null}::text, i.currency)
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
