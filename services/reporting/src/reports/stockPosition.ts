import { sql } from 'slonik';
import type { components, GetStockPosition } from '@atlas/generated-reporting';
import { rows } from '@atlas/runtime/slonik';
import { pages } from '../pages/index.ts';
import { cellsOf } from './chunks.ts';
import type { Cell } from './csv.ts';
import { SKU_FORM, UUID_FORM } from './cursor.ts';
import { chunksOf, pageOf, type List } from './list.ts';
import { report } from './report.ts';
import { TOPICS } from './topics.ts';

type Body = components['schemas']['StockPosition'];
type Refusal = Exclude<GetStockPosition.Result, { readonly status: 200 }>;

const levels: List<GetStockPosition.Input, Row> = {
  operation: 'getStockPosition',
  forms: () => [SKU_FORM, UUID_FORM],
  placeOf: ({ sku, warehouseId }) => [sku, warehouseId],
  rows: ({ db }, { query }, after, limit) => {
    const [sku = null, warehouseId = null] = after ?? [];
    return db.any(sql.prepared('reporting.stock_position', rows<Row>())`
      SELECT l.sku, i.name, i.base_unit AS "baseUnit", l.warehouse_id AS "warehouseId", l.on_hand AS "onHand",
        r.reserved, l.on_hand - r.reserved AS free, l.reorder_point AS "reorderPoint", b.below
      FROM stock_level l
      LEFT JOIN item i USING (sku)
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(qty), 0)::int8 AS reserved FROM held_line h
        WHERE h.sku = l.sku AND h.warehouse_id = l.warehouse_id
      ) r
      CROSS JOIN LATERAL (SELECT coalesce(l.on_hand - r.reserved <= l.reorder_point, false) AS below) b
      WHERE (${sku}::text IS NULL OR (l.sku, l.warehouse_id) > (${sku}::text, ${warehouseId}::uuid))
        AND l.sku = coalesce(${query.sku ?? null}::text, l.sku)
        AND l.warehouse_id = coalesce(${query.warehouseId ?? null}::uuid, l.warehouse_id)
        AND (b.below OR NOT ${query.belowReorderPoint}::boolean)
      ORDER BY l.sku, l.warehouse_id LIMIT ${limit}`);
  },
};

export const getStockPosition = report<GetStockPosition.Input, Body, Refusal>({
  topics: [TOPICS.stock, TOPICS.reservations, TOPICS.items],
  body: async (look, input) => {
    const page = await pageOf(levels, look, input);
    return 'problem' in page ? page : { items: page.rows.map(viewStock), ...page.next };
  },
  page: pages.getStockPosition,
  file: {
    name: 'stock-position',
    columns: [
      'sku',
      'name',
      'baseUnit',
      'warehouseId',
      'onHand',
      'reserved',
      'free',
      'reorderPoint',
      'belowReorderPoint',
    ],
    rows: async (look, input) => cellsOf(chunksOf(levels, look, input), (row) => stockCells(viewStock(row))),
  },
});

interface Row {
  readonly sku: string;
  readonly name: string | null;
  readonly baseUnit: string | null;
  readonly warehouseId: string;
  readonly onHand: bigint;
  readonly reserved: bigint;
  readonly free: bigint;
  readonly reorderPoint: bigint | null;
  readonly below: boolean;
}

type StockRow = components['schemas']['StockRow'];

function viewStock(row: Row): StockRow {
  return {
    sku: row.sku,
    ...(row.name === null ? {} : { name: row.name }),
    ...(row.baseUnit === null ? {} : { baseUnit: row.baseUnit }),
    warehouseId: row.warehouseId,
    onHand: Number(row.onHand),
    reserved: Number(row.reserved),
    free: Number(row.free),
    belowReorderPoint: row.below,
    ...(row.reorderPoint === null ? {} : { reorderPoint: Number(row.reorderPoint) }),
  };
}

function stockCells(row: StockRow): readonly Cell[] {
  return [
    row.sku,
    row.name,
    row.baseUnit,
    row.warehouseId,
    row.onHand,
    row.reserved,
    row.free,
    row.reorderPoint,
    row.belowReorderPoint,
  ];
}
