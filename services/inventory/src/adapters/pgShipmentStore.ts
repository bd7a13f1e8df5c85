import { sql } from 'slonik';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import type { Shipment, ShippedLine } from '../domain/shipment.ts';
import type { ShipmentStore } from '../ports.ts';

/** Shipments in Postgres. */
export const pgShipmentStore: ShipmentStore = {
  insert: async (tx, { shipmentId, orderId, warehouseId, state, version, lines, dispatchedAt }) => {
    const db = slonikOf(tx);
    await db.query(sql.prepared('inventory.insert_shipment', rows<never>())`
      INSERT INTO shipment (shipment_id, order_id, warehouse_id, state, version, dispatched_at)
      VALUES (${shipmentId}, ${orderId}, ${warehouseId}, ${state}, ${version}, ${dispatchedAt.toISOString()})`);
    const tuples = lines.map(({ lineId, sku, qty }, index) => [shipmentId, index + 1, lineId, sku, qty]);
    await db.query(sql.prepared('inventory.insert_shipment_lines', rows<never>())`
      INSERT INTO shipment_line (shipment_id, position, line_id, sku, qty)
      SELECT * FROM ${sql.unnest(tuples, ['uuid', 'int4', 'uuid', 'text', 'int8'])}`);
  },

  read: async (read, shipmentId) => {
    const db = slonikOf(read);
    const row = await db.maybeOne(sql.prepared('inventory.select_shipment', rows<Omit<Shipment, 'lines'>>())`
      SELECT shipment_id AS "shipmentId", order_id AS "orderId", warehouse_id AS "warehouseId", state, version,
        dispatched_at AS "dispatchedAt"
      FROM shipment WHERE shipment_id = ${shipmentId}`);
    if (!row) return undefined;
    const lines = await db.any(sql.prepared('inventory.select_shipment_lines', rows<ShippedLine>())`
      SELECT line_id AS "lineId", sku, qty FROM shipment_line WHERE shipment_id = ${shipmentId} ORDER BY position`);
    return { ...row, lines };
  },
};
