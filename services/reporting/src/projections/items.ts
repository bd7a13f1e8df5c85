import { foldRows, type Folding } from './foldRows.ts';
import type { Projection } from './projection.ts';
import { tableOf } from './table.ts';

export interface ItemRow {
  readonly sku: string;
  readonly name: string;
  readonly base_unit: string;
}

const table = tableOf<ItemRow>('item', ['sku'], { sku: 'text', name: 'text', base_unit: 'text' });

/** The name of an item. Each event has the whole row. */
export const itemRows: Folding<ItemRow, 'sku'> = {
  table,
  key: ['sku'],
  keyOf: (message) => (message.type === 'ItemChanged' ? { sku: message.data.sku } : undefined),
  fold: (row, message) => {
    if (message.type !== 'ItemChanged') return row;
    const { sku, name, baseUnit: base_unit } = message.data;
    return { sku, name, base_unit };
  },
};

export const items: Projection = {
  name: 'items',
  version: 1,
  tables: [table.name],
  apply: (messages, tx) => foldRows(itemRows, messages, tx),
};
