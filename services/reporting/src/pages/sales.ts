import { html, type Html } from '@atlas/runtime/html';
import { timeBars } from './bars.ts';
import { amount, compact, count, counted, day, major, money, monthText } from './format.ts';
import { dayText } from '../dates.ts';
import { documentOf } from './layout.ts';
import { filters, nothing, table, type Filter, type FilterName } from './parts.ts';
import { hrefOf, type BodyOf, type QueryOf, type Viewer } from './report.ts';

type Body = BodyOf<'getDailySales'>;
type Day = Body['days'][number];
type Amount = { readonly [Name in keyof Day]: Day[Name] extends number ? Name : never }[keyof Day];

export const SALES_FILTERS: readonly Filter<FilterName<'getDailySales'>>[] = [
  { name: 'from', label: 'First day', kind: { input: 'date' } },
  { name: 'to', label: 'Last day', kind: { input: 'date' } },
  { name: 'currency', label: 'Currency', kind: { input: 'text', maxLength: 3, placeholder: 'EUR' } },
];

/** The most currencies that are drawn. Each other one is a link, so that the page stays small. */
const MOST_CURRENCIES = 4;
/** The most days with bars of their own, because more bars would be thinner than a pixel on a phone. */
const MOST_DAYS = 93;

export function getDailySales(body: Body, query: QueryOf<'getDailySales'>, viewer: Viewer): string {
  const { meta, from, to, days } = body;
  const asked = { ...query };
  const byCurrency = [...Map.groupBy(days, ({ currency }) => currency)].toSorted(
    ([, one], [, other]) => sum(other, 'ordersPlaced') - sum(one, 'ordersPlaced'),
  );
  const further = byCurrency.slice(MOST_CURRENCIES).map(([currency]) => currency);
  return documentOf({
    id: 'getDailySales',
    viewer,
    meta,
    query: asked,
    content: html`${filters('getDailySales', asked, SALES_FILTERS, { from, to })}
    ${
      byCurrency.length === 0 &&
      nothing(
        html`Nothing was sold from ${day(from)} to ${day(to)}. A day appears here with its first order, invoice,
        shipment or payment.`,
      )
    }
    ${byCurrency.slice(0, MOST_CURRENCIES).map(([currency, rows]) => ofCurrency(currency, rows, from, to))}
    ${
      further.length > 0 &&
      html`<h2>Other currencies</h2>
        <p>
          ${further.map(
            (currency) => html`<a href="${hrefOf('getDailySales', { ...asked, currency })}">${currency}</a> `,
          )}
        </p>`
    }`,
  });
}

function sum(rows: readonly Day[], name: Amount): number {
  return rows.reduce((total, row) => total + row[name], 0);
}

function ofCurrency(currency: string, rows: readonly Day[], from: string, to: string): Html {
  const sumOf = (head: string, name: Amount) => ({
    head,
    kind: 'num' as const,
    cell: (row: Day) => amount(row[name], currency),
  });
  return html`<h2>${currency}</h2>
    <dl class="facts">
      ${FACTS.map(
        ([name, label]) =>
          html`<div>
            <dt>${label}</dt>
            <dd>${money(sum(rows, name), currency)}</dd>
          </div>`,
      )}
    </dl>
    ${picture(currency, rows)}
    ${table(
      {
        id: `days-${currency}`,
        caption: html`Sales in ${currency} from ${day(from)} to ${day(to)}, the newest day first`,
      },
      [
        { head: 'Day', cell: (row: Day) => day(row.day) },
        { head: html`Orders<br />placed`, kind: 'num', cell: ({ ordersPlaced }) => count(ordersPlaced) },
        sumOf('Ordered', 'placedMinor'),
        { head: html`Orders<br />cancelled`, kind: 'num', cell: ({ ordersCancelled }) => count(ordersCancelled) },
        sumOf('Cancelled', 'cancelledMinor'),
        sumOf('Invoiced', 'invoicedMinor'),
        sumOf('Credited', 'creditedMinor'),
        sumOf('Shipped', 'revenueMinor'),
        sumOf('Paid', 'paidMinor'),
        sumOf('Refunded', 'refundedMinor'),
      ],
      rows.toReversed(),
    )}`;
}

/** The measures that are drawn, with their sums above. */
const FACTS: readonly (readonly [name: Amount, label: string])[] = [
  ['placedMinor', 'Ordered'],
  ['invoicedMinor', 'Invoiced'],
  ['revenueMinor', 'Shipped (net)'],
  ['paidMinor', 'Paid'],
];

function picture(currency: string, rows: readonly Day[]): Html {
  const isMonthly = rows.length > MOST_DAYS;
  const periods = [...Map.groupBy(rows, (row) => (isMonthly ? `${row.day.slice(0, 7)}-01` : row.day))];
  return timeBars({
    id: `sales-${currency}`,
    title: `Sales per ${isMonthly ? 'month' : 'day'} in ${currency}`,
    ...(isMonthly ? { note: 'Each bar adds up the days of a month that are in the table.' } : {}),
    description: `Over ${counted(rows.length, 'day')}: ${FACTS.map(
      ([name, label]) => `${label} ${money(sum(rows, name), currency)}`,
    ).join(', ')}.`,
    periods: periods.map(([period]) => period),
    nameOf: (period) => (isMonthly ? monthText(period) : dayText(period).replace(/ \d{4}$/, '')),
    tickOf: compact,
    measures: FACTS.map(([name, label]) => ({
      name: label,
      values: periods.map(([, inPeriod]) => major(sum(inPeriod, name), currency)),
    })),
  });
}
