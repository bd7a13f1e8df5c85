import { html, type Html } from '@atlas/runtime/html';
import { shareBars } from './bars.ts';
import { amount, count, counted, day, key, money } from './format.ts';
import { dayText } from '../dates.ts';
import { documentOf } from './layout.ts';
import { filters, nothing, pager, table, type Column, type Filter, type FilterName } from './parts.ts';
import { linkTo, type BodyOf, type QueryOf, type Viewer } from './report.ts';

type Body = BodyOf<'getReceivablesAging'>;
type Buckets = Body['totals'][number];
type Customer = Body['customers'][number];

export const AGING_FILTERS: readonly Filter<FilterName<'getReceivablesAging'>>[] = [
  { name: 'asOf', label: 'Overdue as of', kind: { input: 'date' } },
  { name: 'currency', label: 'Currency', kind: { input: 'text', maxLength: 3, placeholder: 'EUR' } },
];

const AGES = [
  { name: 'currentMinor', fill: 'var(--age0)', text: 'Not yet due' },
  { name: 'days1To30Minor', fill: 'var(--age1)', text: '1 to 30 days overdue' },
  { name: 'days31To60Minor', fill: 'var(--age2)', text: '31 to 60 days' },
  { name: 'days61To90Minor', fill: 'var(--age3)', text: '61 to 90 days' },
  { name: 'over90Minor', fill: 'var(--age4)', text: 'Over 90 days' },
] as const;

const MOST_DRAWN = 12;

export function getReceivablesAging(body: Body, query: QueryOf<'getReceivablesAging'>, viewer: Viewer): string {
  const { meta, asOf, totals, customers, nextCursor } = body;
  const asked = { ...query };
  return documentOf({
    id: 'getReceivablesAging',
    viewer,
    meta,
    query: asked,
    content: html`${filters('getReceivablesAging', asked, AGING_FILTERS, { asOf })}
    ${
      totals.length === 0
        ? nothing(
            html`Nobody owed anything on ${day(asOf)}. Invoices appear here until they are paid or credited in full.`,
          )
        : html`${picture(totals, asOf)}
          ${table(
            { id: 'totals', caption: html`All customers, as of ${day(asOf)}` },
            columns('Currency', ({ currency }) => currency),
            totals,
          )}`
    }
    ${
      customers.length > 0 &&
      html`<h2>By customer</h2>
        ${customerTable(customers, viewer)}`
    }
    ${pager('getReceivablesAging', asked, nextCursor)}`,
  });
}

function picture(totals: readonly Buckets[], asOf: string): Html {
  const drawn = totals.slice(0, MOST_DRAWN);
  return shareBars({
    id: 'ages',
    title: 'How old the debts are',
    note: `Shares of what is owed in each currency, from not yet due on the left to the oldest on the right.${
      drawn.length < totals.length ? ` The first ${drawn.length} currencies are drawn.` : ''
    }`,
    description: `As of ${dayText(asOf)}: ${drawn.map(summaryOf).join('; ')}.`,
    kinds: AGES,
    rows: drawn.map((row) => ({
      label: row.currency,
      text: `${money(row.totalMinor, row.currency)} on ${counted(row.invoices, 'invoice')}`,
      values: AGES.map(({ name }) => row[name]),
    })),
  });
}

function summaryOf(row: Buckets): string {
  const overdue = row.totalMinor - row.currentMinor;
  return `${money(row.totalMinor, row.currency)} owed, of which ${money(overdue, row.currency)} is overdue`;
}

function customerTable(customers: readonly Customer[], viewer: Viewer): Html {
  const rows = customers.map(({ customerId, buckets }) => ({ customerId, ...buckets }));
  return table(
    { id: 'customers', caption: `${counted(rows.length, 'row')} on this page, one per customer and currency` },
    [
      ...columns<(typeof rows)[number]>(
        'Customer',
        ({ customerId, currency }) =>
          html`${linkTo(viewer, 'searchOrders', key(customerId), { customerId })}<small>${currency}</small>`,
      ),
    ],
    rows,
  );
}

function columns<Row extends Buckets>(head: string, cell: (row: Row) => Html | string): readonly Column<Row>[] {
  return [
    { head, cell },
    { head: 'Invoices', kind: 'num', cell: ({ invoices }) => count(invoices) },
    ...AGES.map(({ name, text }): Column<Row> => ({
      head: text,
      kind: 'num',
      cell: (row) => amount(row[name], row.currency),
    })),
    {
      head: 'Total',
      kind: 'num',
      cell: ({ totalMinor, currency }) => html`<strong>${amount(totalMinor, currency)}</strong>`,
    },
  ];
}
