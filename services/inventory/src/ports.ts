import type { Read, Tx } from '@atlas/runtime';
import type { Item, Warehouse } from './domain/catalog.ts';
import type { Expired, Failed, Held, HeldLine, Released, Reservation } from './domain/reservation.ts';
import type { Movement, StockLevel } from './domain/stock.ts';

export type { Tx };

/** Items and warehouses. */
export interface Catalog {
  /** False if an item with this SKU exists. */
  addItem(tx: Tx, item: Item): Promise<boolean>;
  item(session: Tx | Read, sku: string): Promise<Item | undefined>;
  /** False if a warehouse with this code exists. */
  addWarehouse(tx: Tx, warehouse: Warehouse): Promise<boolean>;
  warehouse(session: Tx | Read, warehouseId: string): Promise<Warehouse | undefined>;
}

/**
 * Balances and the ledger behind them. A transaction locks balances before it changes them, in ascending order of (SKU,
 * warehouse), so that no two transactions wait for each other.
 */
export interface StockLedger {
  /** Locks the balance of an item in a warehouse, both of which must exist. Makes an empty balance if there is none. */
  lock(tx: Tx, item: Item, warehouse: Warehouse): Promise<StockLevel>;
  /** Locks the balances of these items in all warehouses. */
  lockAll(tx: Tx, skus: readonly string[]): Promise<readonly StockLevel[]>;
  level(read: Read, sku: string, warehouseId: string): Promise<StockLevel | undefined>;
  /** Appends to the ledger and sets the balance, which must be locked, to what the movement says. */
  record(tx: Tx, movement: Movement): Promise<void>;
  /** Counts lines as reserved. Throws if a balance has less free; for a balance that was locked, this cannot happen. */
  hold(tx: Tx, lines: readonly HeldLine[]): Promise<void>;
  /** Counts lines as free again. */
  letGo(tx: Tx, lines: readonly HeldLine[]): Promise<void>;
}

export interface ReservationStore {
  /** Throws if the order has a reservation already. */
  insert(tx: Tx, reservation: Held | Failed): Promise<void>;
  /** Reads the reservation of an order, and locks it until the transaction ends. */
  load(tx: Tx, orderId: string): Promise<Reservation | undefined>;
  read(read: Read, orderId: string): Promise<Reservation | undefined>;
  /** Throws `VersionConflict` if the stored reservation is not at the version before. */
  save(tx: Tx, reservation: Released | Expired): Promise<void>;
}
