import { sql, type CommonQueryMethods } from 'slonik';
import { VersionConflict } from '@atlas/runtime';
import { queueWrite, rows, slonikOf } from '@atlas/runtime/slonik';
import type { Shipment, ShippedLine } from '../domain/shipment.ts';
import type { GoodsReturn } from '../domain/takeBack.ts';
import type { ShipmentStore } from '../ports.ts';

type ShipmentRow = Omit<Shipment, 'lines'>;

const SHIPMENT = sql.fragment`
  SELECT shipment_id AS "shipmentId", order_id AS "orderId", warehouse_id AS "warehouseId", state, version,
    dispatched_at AS "dispatchedAt", delivered_at AS "deliveredAt"
  FROM shipment`;

/** Shipments and returns in Postgres. */
export const pgShipmentStore: ShipmentStore = {
  insert: async (tx, { shipmentId, orderId, warehouseId, state, version, lines, dispatchedAt }) => {
    queueWrite(
      tx,
      sql.prepared('inventory.insert_shipment', rows<never>())`
      INSERT INTO shipment (shipment_id, order_id, warehouse_id, state, version, dispatched_at)
      VALUES (${shipmentId}, ${orderId}, ${warehouseId}, ${state}, ${version}, ${dispatchedAt.toISOString()})`,
    );
    const tuples = lines.map(({ lineId, sku, qty }, index) => [shipmentId, index + 1, lineId, sku, qty]);
    queueWrite(
      tx,
      sql.prepared('inventory.insert_shipment_lines', rows<never>())`
      INSERT INTO shipment_line (shipment_id, position, line_id, sku, qty)
      SELECT * FROM ${sql.unnest(tuples, ['uuid', 'int4', 'uuid', 'text', 'int8'])}`,
    );
  },

  load: async (tx, shipmentId, expected) => {
    const db = slonikOf(tx);
    const row = await db.maybeOne(sql.prepared('inventory.lock_shipment', rows<ShipmentRow>())`${SHIPMENT}
      WHERE shipment_id = ${shipmentId} FOR NO KEY UPDATE`);
    if (row && expected !== undefined && row.version !== expected) {
      throw new VersionConflict(`shipment ${shipmentId}`, expected, row.version);
    }
    return row ? assemble(db, row) : undefined;
  },

  read: async (read, shipmentId) => {
    const db = slonikOf(read);
    const row = await db.maybeOne(sql.prepared('inventory.select_shipment', rows<ShipmentRow>())`${SHIPMENT}
      WHERE shipment_id = ${shipmentId}`);
    return row ? assemble(db, row) : undefined;
  },

  save: async (tx, { shipmentId, state, version, lines, deliveredAt }) => {
    queueWrite(
      tx,
      sql.prepared('inventory.update_shipment', rows<never>())`
      UPDATE shipment SET state = ${state}, version = ${version}, delivered_at = ${deliveredAt?.toISOString() ?? null}
      WHERE shipment_id = ${shipmentId}`,
    );
    const tuples = lines.map(({ lineId, returned }) => [lineId, returned]);
    queueWrite(
      tx,
      sql.prepared('inventory.update_shipment_lines', rows<never>())`
      UPDATE shipment_line l SET returned = line.returned
      FROM ${sql.unnest(tuples, ['uuid', 'int8'])} AS line (line_id, returned)
      WHERE l.shipment_id = ${shipmentId} AND l.line_id = line.line_id AND l.returned <> line.returned`,
    );
  },

  addReturn: async (tx, { returnId, lines, recordedAt, ...goodsReturn }) => {
    const { shipmentId, orderId, warehouseId, credit, reason, recordedBy } = goodsReturn;
    queueWrite(
      tx,
      sql.prepared('inventory.insert_return', rows<never>())`
      INSERT INTO goods_return (return_id, shipment_id, order_id, warehouse_id, credit, reason, recorded_by, recorded_at)
      VALUES (${returnId}, ${shipmentId}, ${orderId}, ${warehouseId}, ${credit}, ${reason}, ${recordedBy},
        ${recordedAt.toISOString()})`,
    );
    const tuples = lines.map(({ lineId, sku, qty }, index) => [returnId, index + 1, lineId, sku, qty]);
    queueWrite(
      tx,
      sql.prepared('inventory.insert_return_lines', rows<never>())`
      INSERT INTO goods_return_line (return_id, position, line_id, sku, qty)
      SELECT * FROM ${sql.unnest(tuples, ['uuid', 'int4', 'uuid', 'text', 'int8'])}`,
    );
  },

  readReturn: async (read, returnId) => {
    const db = slonikOf(read);
    const row = await db.maybeOne(sql.prepared('inventory.select_return', rows<Omit<GoodsReturn, 'lines'>>())`
      SELECT return_id AS "returnId", shipment_id AS "shipmentId", order_id AS "orderId",
        warehouse_id AS "warehouseId", credit, reason, recorded_by AS "recordedBy", recorded_at AS "recordedAt"
      FROM goods_return WHERE return_id = ${returnId}`);
    if (!row) return undefined;
    const lines = await db.any(sql.prepared('inventory.select_return_lines', rows<GoodsReturn['lines'][number]>())`
      SELECT line_id AS "lineId", sku, qty FROM goods_return_line WHERE return_id = ${returnId} ORDER BY position`);
    return { ...row, lines };
  },
};

async function assemble(db: CommonQueryMethods, row: ShipmentRow): Promise<Shipment> {
  const lines = await db.any(sql.prepared('inventory.select_shipment_lines', rows<ShippedLine>())`
    SELECT line_id AS "lineId", sku, qty, returned FROM shipment_line WHERE shipment_id = ${row.shipmentId}
    ORDER BY position`);
  return { ...row, lines };
}
