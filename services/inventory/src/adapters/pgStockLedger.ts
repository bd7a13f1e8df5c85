import { sql } from 'slonik';
import { VersionConflict, type Tx } from '@atlas/runtime';
import { queueWrite, rows, slonikOf } from '@atlas/runtime/slonik';
import type { ReorderPoint } from '../domain/reorder.ts';
import { samePlace, type StockLevel } from '../domain/stock.ts';
import type { Quantity, StockLedger } from '../ports.ts';

const LEVEL = sql.fragment`
  SELECT s.sku, s.warehouse_id AS "warehouseId", w.code AS "warehouseCode", s.on_hand AS "onHand", s.reserved,
    s.reorder_point AS "reorderPoint"
  FROM stock_level s JOIN warehouse w USING (warehouse_id)`;

/** Balances and ledger in Postgres. */
export const pgStockLedger: StockLedger = {
  lock: async (tx, { sku }, { warehouseId, code }) => {
    // an update that changes nothing locks the row and returns it, both for new and for existing rows
    const balance = await slonikOf(tx).one(
      sql.prepared('inventory.lock_level', rows<Pick<StockLevel, 'onHand' | 'reserved' | 'reorderPoint'>>())`
        INSERT INTO stock_level AS s (sku, warehouse_id, on_hand, reserved) VALUES (${sku}, ${warehouseId}, 0, 0)
        ON CONFLICT (sku, warehouse_id) DO UPDATE SET on_hand = s.on_hand
        RETURNING on_hand AS "onHand", reserved, reorder_point AS "reorderPoint"`,
    );
    return { sku, warehouseId, warehouseCode: code, ...balance };
  },

  lockAll: (tx, skus) =>
    slonikOf(tx).any(sql.prepared('inventory.lock_levels', rows<StockLevel>())`${LEVEL}
      WHERE s.sku = ANY(${sql.array(skus, 'text')}) ORDER BY s.sku, s.warehouse_id FOR NO KEY UPDATE OF s`),

  level: async (read, sku, warehouseId) => {
    const found = await slonikOf(read).maybeOne(sql.prepared('inventory.select_level', rows<StockLevel>())`${LEVEL}
      WHERE s.sku = ${sku} AND s.warehouse_id = ${warehouseId}`);
    return found ?? undefined;
  },

  reorderPoint: async (read, { sku, warehouseId }) => {
    const found = await slonikOf(read).maybeOne(sql.prepared('inventory.select_reorder_point', rows<ReorderPoint>())`
      SELECT reorder_point AS point, reorder_version AS version FROM stock_level
      WHERE sku = ${sku} AND warehouse_id = ${warehouseId}`);
    return found ?? { point: null, version: 1n };
  },

  setReorderPoint: async (tx, { sku, warehouseId }, { point, version }) => {
    const db = slonikOf(tx);
    const before = version - 1n;
    const { rowCount } = await db.query(sql.prepared('inventory.set_reorder_point', rows<never>())`
      UPDATE stock_level SET reorder_point = ${point}, reorder_version = ${version}
      WHERE sku = ${sku} AND warehouse_id = ${warehouseId} AND reorder_version = ${before}`);
    if (rowCount === 1) return;
    const stored = await db.one(sql.prepared('inventory.select_reorder_version', rows<Pick<ReorderPoint, 'version'>>())`
      SELECT reorder_version AS version FROM stock_level WHERE sku = ${sku} AND warehouse_id = ${warehouseId}`);
    throw new VersionConflict(`reorder point of ${sku} in ${warehouseId}`, before, stored.version);
  },

  record: async (tx, movements) => {
    const tuples = movements.map((movement, index) => {
      const { movementId, sku, warehouseId, kind, sourceId, delta, onHandAfter, reservedAfter, recordedAt } = movement;
      const time = recordedAt.toISOString();
      return [index, movementId, sku, warehouseId, kind, sourceId, delta, onHandAfter, reservedAfter, time];
    });
    queueWrite(
      tx,
      sql.prepared('inventory.insert_movements', rows<never>())`
      INSERT INTO movement
        (movement_id, sku, warehouse_id, kind, source_id, delta, on_hand_after, reserved_after, recorded_at)
      SELECT movement_id, sku, warehouse_id, kind, source_id, delta, on_hand_after, reserved_after, recorded_at
      FROM ${sql.unnest(tuples, ['int4', 'uuid', 'text', 'uuid', 'text', 'uuid', 'int8', 'int8', 'int8', 'timestamptz'])}
        AS m (index, movement_id, sku, warehouse_id, kind, source_id, delta, on_hand_after, reserved_after, recorded_at)
      ORDER BY index`,
    );
    const last = movements.filter((one, index) => !movements.slice(index + 1).some((other) => samePlace(one, other)));
    const after = last.map(({ sku, warehouseId, onHandAfter, reservedAfter }) => [
      sku,
      warehouseId,
      onHandAfter,
      reservedAfter,
    ]);
    queueWrite(
      tx,
      sql.prepared('inventory.set_levels', rows<never>())`
      UPDATE stock_level s SET on_hand = level.on_hand, reserved = level.reserved
      FROM ${sql.unnest(after, ['text', 'uuid', 'int8', 'int8'])} AS level (sku, warehouse_id, on_hand, reserved)
      WHERE s.sku = level.sku AND s.warehouse_id = level.warehouse_id`,
    );
  },

  hold: async (tx, lines) => addReserved(tx, lines),
  letGo: async (tx, lines) =>
    addReserved(
      tx,
      lines.map((line) => ({ ...line, qty: -line.qty })),
    ),
};

/**
 * Adds up the lines of one balance first, because an UPDATE uses only one source row per target row. The statement has
 * no name, because a prepared one would keep a plan from when there were few balances, which reads all of them.
 */
function addReserved(tx: Tx, lines: readonly Quantity[]): void {
  const tuples = lines.map(({ sku, warehouseId, qty }) => [sku, warehouseId, qty]);
  queueWrite(
    tx,
    sql.type(rows<never>())`
    UPDATE stock_level s SET reserved = s.reserved + change.qty
    FROM (
      SELECT sku, warehouse_id, sum(qty)::int8 AS qty
      FROM ${sql.unnest(tuples, ['text', 'uuid', 'int8'])} AS line (sku, warehouse_id, qty)
      GROUP BY sku, warehouse_id
    ) change
    WHERE s.sku = change.sku AND s.warehouse_id = change.warehouse_id`,
  );
}
