import { sql } from 'slonik';
import type { components, GetStockPosition } from '@atlas/generated-reporting';
import { rows } from '@atlas/runtime/slonik';
import { CURSOR_INVALID, cursorsOf, SKU_FORM, UUID_FORM } from './cursor.ts';
import { report } from './report.ts';
import { TOPICS } from './topics.ts';

type Body = components['schemas']['StockPosition'];
type Refusal = Exclude<GetStockPosition.Result, { readonly status: 200 }>;

/** What sorts before every item and warehouse. */
const FIRST = ['', '00000000-0000-0000-0000-000000000000'] as const;

export const getStockPosition = report<GetStockPosition.Input, Body, Refusal>({
  topics: [TOPICS.stock, TOPICS.reservations, TOPICS.items],
  body: async ({ db }, { query }) => {
    const cursors = cursorsOf('getStockPosition', query);
    const after = query.cursor === undefined ? FIRST : cursors.valuesOf(query.cursor, [SKU_FORM, UUID_FORM]);
    if (!after) return CURSOR_INVALID;
    const [sku = '', warehouseId = ''] = after;
    const found = await db.any(sql.prepared('reporting.stock_position', rows<Row>())`
      SELECT l.sku, i.name, i.base_unit AS "baseUnit", l.warehouse_id AS "warehouseId", l.on_hand AS "onHand",
        r.reserved, l.on_hand - r.reserved AS free, l.reorder_point AS "reorderPoint", b.below
      FROM stock_level l
      LEFT JOIN item i USING (sku)
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(qty), 0)::int8 AS reserved FROM held_line h
        WHERE h.sku = l.sku AND h.warehouse_id = l.warehouse_id
      ) r
      CROSS JOIN LATERAL (SELECT coalesce(l.on_hand - r.reserved <= l.reorder_point, false) AS below) b
      WHERE (l.sku, l.warehouse_id) > (${sku}::text, ${warehouseId}::uuid)
        AND l.sku = coalesce(${query.sku ?? null}::text, l.sku)
        AND l.warehouse_id = coalesce(${query.warehouseId ?? null}::uuid, l.warehouse_id)
        AND (b.below OR NOT ${query.belowReorderPoint}::boolean)
      ORDER BY l.sku, l.warehouse_id LIMIT ${query.limit + 1}`);
    const page = found.slice(0, query.limit);
    const last = found.length > query.limit ? page.at(-1) : undefined;
    return {
      items: page.map(viewStock),
      ...(last ? { nextCursor: cursors.after([last.sku, last.warehouseId]) } : {}),
    };
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

function viewStock(row: Row): components['schemas']['StockRow'] {
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
