import { html, words, type Html } from '@atlas/runtime/html';
import { counted, instant, key, money, sentence } from './format.ts';
import { documentOf } from './layout.ts';
import { anyOf, filters, nothing, pager, table, type Filter, type FilterName } from './parts.ts';
import { hrefOf, linkTo, type BodyOf, type QueryOf, type Viewer } from './report.ts';

type Body = BodyOf<'searchOrders'>;
type Row = Body['items'][number];
type State = Row['state'];

/** All states, in the sequence in which an order passes through them. */
export const STATES: readonly State[] = [
  'PLACED',
  'AWAITING_APPROVAL',
  'AWAITING_PAYMENT',
  'READY',
  'PARTIALLY_FULFILLED',
  'CANCELLING',
  'CANCELLED',
  'FULFILLED',
];

const TIME = { input: 'text', maxLength: 30, placeholder: '2026-11-24T09:30:00Z' } as const;
const ID = { input: 'text', maxLength: 36 } as const;

export const ORDER_FILTERS: readonly Filter<FilterName<'searchOrders'>>[] = [
  { name: 'state', label: 'State', kind: { input: 'select', options: anyOf(STATES) } },
  { name: 'sku', label: 'Item (SKU)', kind: { input: 'text', maxLength: 64, placeholder: 'BOLT-M8' } },
  { name: 'customerId', label: 'Customer', kind: ID },
  { name: 'requesterId', label: 'Placed by', kind: { input: 'text', maxLength: 255 } },
  { name: 'placedAt[gte]', label: 'Placed at or after (UTC)', kind: TIME },
  { name: 'placedAt[lt]', label: 'Placed before (UTC)', kind: TIME },
  { name: 'currency', label: 'Currency', kind: { input: 'text', maxLength: 3, placeholder: 'EUR' } },
  {
    name: 'total[gte]',
    label: 'Total at least',
    hint: 'In the smallest unit: 1250 means 12.50 EUR. Needs a currency.',
    kind: { input: 'number' },
  },
  {
    name: 'total[lt]',
    label: 'Total below',
    hint: 'In the smallest unit. Needs a currency.',
    kind: { input: 'number' },
  },
  {
    name: 'sort',
    label: 'Order by',
    kind: {
      input: 'select',
      options: [
        ['-placedAt', 'Newest first'],
        ['placedAt', 'Oldest first'],
        ['-total', 'Largest total first'],
        ['total', 'Smallest total first'],
      ],
    },
  },
];

export function searchOrders(body: Body, query: QueryOf<'searchOrders'>, viewer: Viewer): string {
  const { meta, items, nextCursor } = body;
  const asked = { ...query };
  return documentOf({
    id: 'searchOrders',
    viewer,
    meta,
    query: asked,
    content: html`${filters('searchOrders', asked, ORDER_FILTERS)}
    ${items.length === 0 ? empty(asked) : orderTable(items, viewer)} ${pager('searchOrders', asked, nextCursor)}`,
  });
}

function empty(query: QueryOf<'searchOrders'>): Html {
  const filtered = ORDER_FILTERS.some(({ name }) => name !== 'sort' && query[name] !== undefined);
  return nothing(
    filtered
      ? html`No order matches all of these filters. <a href="${hrefOf('searchOrders')}">Show all orders</a>`
      : 'No order has been placed yet. Orders appear here as soon as Orders has published that they were placed.',
  );
}

function orderTable(items: readonly Row[], viewer: Viewer): Html {
  return table(
    { id: 'orders', caption: `${counted(items.length, 'order')} on this page` },
    [
      {
        head: 'Order',
        cell: ({ orderId, lines, invoiceNumber }) =>
          html`${linkTo(viewer, 'getOrderTimeline', key(orderId), {}, { orderId })}<small
              >${counted(lines, 'line')}${invoiceNumber !== undefined && html`, ${words(invoiceNumber)}`}</small
            >`,
      },
      {
        head: 'State, since (UTC)',
        cell: (row) => html`${stateOf(row)}<small>${instant(row.stateSince)}</small>`,
      },
      // the contract leaves these out for those who may not see them
      items.some(({ total }) => total) && {
        head: 'Total',
        kind: 'num',
        cell: ({ total }) => total && money(total.amountMinor, total.currency),
      },
      items.some(({ customerId }) => customerId) && {
        head: 'Customer',
        cell: ({ customerId }) => customerId && linkTo(viewer, 'searchOrders', key(customerId), { customerId }),
      },
      { head: 'Placed by', kind: 'name', cell: ({ requesterId }) => person(requesterId) },
      { head: 'Placed (UTC)', cell: ({ placedAt }) => instant(placedAt) },
    ],
    items,
  );
}

/** A state as a label, and why an order was cancelled. */
export function stateOf({ state, cancelReason }: Pick<Row, 'state' | 'cancelReason'>): Html {
  const ended = state === 'CANCELLED' || state === 'FULFILLED';
  return html`<span class="state${!ended && ' open'}">${sentence(state)}</span>${
      cancelReason !== undefined && html`<small>${words(sentence(cancelReason), 60)}</small>`
    }`;
}

/** A person, by the id of their account: a UUID of Keycloak, or any other text. */
export function person(id: string): Html {
  return id.length === 36 && /^[0-9a-f-]+$/.test(id) ? key(id) : words(id, 80);
}
