import { sql } from 'slonik';
import { VersionConflict } from '@atlas/runtime';
import { queueWrite, rows, slonikOf } from '@atlas/runtime/slonik';
import type { Item, Warehouse } from '../domain/catalog.ts';
import type { Catalog } from '../ports.ts';

/** Items and warehouses in Postgres. */
export const pgCatalog: Catalog = {
  addItem: async (tx, { sku, name, baseUnit, version }) => {
    const { rowCount } = await slonikOf(tx).query(sql.prepared('inventory.insert_item', rows<never>())`
      INSERT INTO item (sku, name, base_unit, version) VALUES (${sku}, ${name}, ${baseUnit}, ${version})
      ON CONFLICT (sku) DO NOTHING`);
    return rowCount === 1;
  },

  item: async (session, sku) => {
    const found = await slonikOf(session).maybeOne(sql.prepared('inventory.select_item', rows<Item>())`
      SELECT sku, name, base_unit AS "baseUnit", version FROM item WHERE sku = ${sku}`);
    return found ?? undefined;
  },

  lockItem: async (tx, sku, expected) => {
    const found = await slonikOf(tx).maybeOne(sql.prepared('inventory.lock_item', rows<Item>())`
      SELECT sku, name, base_unit AS "baseUnit", version FROM item WHERE sku = ${sku} FOR NO KEY UPDATE`);
    if (found && found.version !== expected) throw new VersionConflict(`item ${sku}`, expected, found.version);
    return found ?? undefined;
  },

  saveItem: async (tx, { sku, name, version }) => {
    queueWrite(
      tx,
      sql.prepared('inventory.update_item', rows<never>())`
      UPDATE item SET name = ${name}, version = ${version} WHERE sku = ${sku}`,
    );
  },

  addWarehouse: async (tx, { warehouseId, code, name, version }) => {
    const { rowCount } = await slonikOf(tx).query(sql.prepared('inventory.insert_warehouse', rows<never>())`
      INSERT INTO warehouse (warehouse_id, code, name, version) VALUES (${warehouseId}, ${code}, ${name}, ${version})
      ON CONFLICT (code) DO NOTHING`);
    return rowCount === 1;
  },

  warehouse: async (session, warehouseId) => {
    const found = await slonikOf(session).maybeOne(sql.prepared('inventory.select_warehouse', rows<Warehouse>())`
      SELECT warehouse_id AS "warehouseId", code, name, version FROM warehouse WHERE warehouse_id = ${warehouseId}`);
    return found ?? undefined;
  },
};
