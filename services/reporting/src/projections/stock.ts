import { foldRows, type Folding } from './foldRows.ts';
import { oneOf, type Projection } from './projection.ts';
import { tableOf } from './table.ts';

export interface StockLevelRow {
  readonly sku: string;
  readonly warehouse_id: string;
  readonly on_hand: bigint;
  readonly reorder_point: bigint | null;
}

const table = tableOf<StockLevelRow>('stock_level', ['sku', 'warehouse_id'], {
  sku: 'text',
  warehouse_id: 'uuid',
  on_hand: 'int8',
  reorder_point: 'int8',
});

const isStockEvent = oneOf('StockMoved', 'ReorderPointReached');

/** The stock of an item in a warehouse. */
export const levels: Folding<StockLevelRow, 'sku' | 'warehouse_id'> = {
  table,
  key: ['sku', 'warehouse_id'],
  keyOf: (message) =>
    isStockEvent(message) ? { sku: message.data.sku, warehouse_id: message.data.warehouseId } : undefined,
  fold: (row, message) => {
    if (!isStockEvent(message)) return row;
    const { sku, warehouseId: warehouse_id } = message.data;
    if (message.type === 'StockMoved')
      return { sku, warehouse_id, on_hand: message.data.onHandAfter, reorder_point: row?.reorder_point ?? null };
    // without an earlier movement, at least the free stock is there
    return { sku, warehouse_id, on_hand: row?.on_hand ?? message.data.free, reorder_point: message.data.reorderPoint };
  },
};

export const stock: Projection = {
  name: 'stock',
  version: 1,
  tables: [table.name],
  apply: (messages, tx) => foldRows(levels, messages, tx),
};
