import { html, words, type Html } from '@atlas/runtime/html';
import { partBars } from './bars.ts';
import { count, counted, key } from './format.ts';
import { documentOf } from './layout.ts';
import { filters, nothing, pager, table, type Filter, type FilterName } from './parts.ts';
import { hrefOf, linkTo, type BodyOf, type QueryOf, type Viewer } from './report.ts';

type Body = BodyOf<'getStockPosition'>;
type Row = Body['items'][number];

export const STOCK_FILTERS: readonly Filter<FilterName<'getStockPosition'>>[] = [
  { name: 'sku', label: 'Item (SKU)', kind: { input: 'text', maxLength: 64, placeholder: 'BOLT-M8' } },
  { name: 'warehouseId', label: 'Warehouse', kind: { input: 'text', maxLength: 36 } },
  { name: 'belowReorderPoint', label: 'Only what has to be ordered again', kind: { input: 'checkbox' } },
];

const MOST_DRAWN = 20;

export function getStockPosition(body: Body, query: QueryOf<'getStockPosition'>, viewer: Viewer): string {
  const { meta, items, nextCursor } = body;
  const asked = { ...query };
  return documentOf({
    id: 'getStockPosition',
    viewer,
    meta,
    query: asked,
    content: html`${filters('getStockPosition', asked, STOCK_FILTERS)}
    ${items.length === 0 ? empty(query) : html`${picture(items)}${stockTable(items, viewer)}`}
    ${pager('getStockPosition', asked, nextCursor)}`,
  });
}

function empty({ sku, warehouseId, belowReorderPoint }: QueryOf<'getStockPosition'>): Html {
  if (sku === undefined && warehouseId === undefined && !belowReorderPoint)
    return nothing('There is no stock yet. An item appears here when Inventory has received some of it.');
  return nothing(
    html`Nothing in stock matches these filters. <a href="${hrefOf('getStockPosition')}">Show all stock</a>`,
  );
}

function picture(items: readonly Row[]): Html {
  const drawn = items.slice(0, MOST_DRAWN);
  const low = items.filter(({ belowReorderPoint }) => belowReorderPoint).length;
  return partBars({
    id: 'levels',
    title: 'On hand and reserved',
    ...(drawn.length < items.length ? { note: `The first ${drawn.length} rows of the table.` } : {}),
    description: `${counted(items.length, 'stock level')} on this page; ${count(low)} of them at or below the reorder point.`,
    whole: 'On hand',
    part: 'Reserved for orders',
    partFill: 'var(--bar)',
    rows: drawn.map((row) => ({
      label: `${row.sku} in …${row.warehouseId.slice(-6)}`,
      whole: Math.max(row.onHand, row.reserved),
      part: row.reserved,
      text: `${count(row.onHand)} on hand, ${count(row.reserved)} reserved${row.belowReorderPoint ? ', order again' : ''}`,
    })),
  });
}

function stockTable(items: readonly Row[], viewer: Viewer): Html {
  return table(
    { id: 'stock', caption: `${counted(items.length, 'stock level')} on this page` },
    [
      {
        head: 'Item',
        kind: 'name',
        cell: ({ sku, name }) =>
          html`${linkTo(viewer, 'searchOrders', sku, { sku })}${name !== undefined && html`<small>${words(name)}</small>`}`,
      },
      { head: 'Warehouse', cell: ({ warehouseId }) => key(warehouseId) },
      { head: 'On hand', kind: 'num', cell: ({ onHand }) => count(onHand) },
      { head: 'Reserved', kind: 'num', cell: ({ reserved }) => count(reserved) },
      { head: 'Free', kind: 'num', cell: ({ free }) => html`<strong>${count(free)}</strong>` },
      { head: 'Unit', kind: 'name', cell: ({ baseUnit }) => baseUnit !== undefined && words(baseUnit) },
      {
        head: 'Reorder point',
        kind: 'num',
        cell: ({ reorderPoint }) =>
          reorderPoint === undefined ? html`<span class="soft">none</span>` : count(reorderPoint),
      },
      {
        head: 'Order again?',
        cell: ({ belowReorderPoint }) => (belowReorderPoint ? html`<span class="state alert">Yes</span>` : 'No'),
      },
    ],
    items,
  );
}
