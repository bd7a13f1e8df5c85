import type { Read, Tx } from '@atlas/runtime';
import type { Adjustment, PendingAdjustment } from './domain/adjustment.ts';
import type { Item, Warehouse } from './domain/catalog.ts';
import type { Failed, Held, Reservation } from './domain/reservation.ts';
import type { ReorderPoint } from './domain/reorder.ts';
import type { Shipment } from './domain/shipment.ts';
import type { GoodsReturn } from './domain/takeBack.ts';
import type { Movement, StockLevel, StockPlace } from './domain/stock.ts';

export type { Read, Tx };

/** Items and warehouses. */
export interface Catalog {
  /** False if an item with this SKU exists. */
  addItem(tx: Tx, item: Item): Promise<boolean>;
  item(session: Tx | Read, sku: string): Promise<Item | undefined>;
  /** Locks it until the transaction ends. Throws `VersionConflict` if it is not at the expected version. */
  lockItem(tx: Tx, sku: string, expected: bigint): Promise<Item | undefined>;
  /** Stores an item that is locked. */
  saveItem(tx: Tx, item: Item): Promise<void>;
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
  lock(tx: Tx, item: Pick<Item, 'sku'>, warehouse: Warehouse): Promise<StockLevel>;
  /** Locks the balances of these items in all warehouses. */
  lockAll(tx: Tx, skus: readonly string[]): Promise<readonly StockLevel[]>;
  level(read: Read, sku: string, warehouseId: string): Promise<StockLevel | undefined>;
  /** If nobody has set one, its point is null at version 1. */
  reorderPoint(read: Read, place: StockPlace): Promise<ReorderPoint>;
  /**
   * Sets the reorder point of a locked balance. Throws `VersionConflict` if the stored version is not the previous one.
   */
  setReorderPoint(tx: Tx, place: StockPlace, reorderPoint: ReorderPoint): Promise<void>;
  /**
   * Appends movements to the ledger, in this sequence, and sets the balances to the stock after them. The balances must
   * be locked.
   */
  record(tx: Tx, movements: readonly Movement[]): Promise<void>;
  /** Reserves quantities. Throws if a balance has less free stock, which cannot happen if it was locked and checked. */
  hold(tx: Tx, quantities: readonly Quantity[]): Promise<void>;
  /** Frees reserved quantities. */
  letGo(tx: Tx, quantities: readonly Quantity[]): Promise<void>;
}

export interface Quantity extends StockPlace {
  readonly qty: bigint;
}

export interface ReservationStore {
  /** Throws if one of the orders has a reservation already. */
  insertAll(tx: Tx, reservations: readonly (Held | Failed)[]): Promise<void>;
  /** By order: the state of its reservation. An order without one is left out. Locks nothing. */
  states(tx: Tx, orderIds: readonly string[]): Promise<ReadonlyMap<string, Reservation['state']>>;
  /** Reads the reservation of an order, and locks it until the transaction ends. */
  load(tx: Tx, orderId: string): Promise<Reservation | undefined>;
  read(read: Read, orderId: string): Promise<Reservation | undefined>;
  /** Throws `VersionConflict` if the stored version is not the previous one. */
  save(tx: Tx, reservation: Exclude<Reservation, Held>): Promise<void>;
}

export interface ShipmentStore {
  insert(tx: Tx, shipment: Shipment): Promise<void>;
  /**
   * Reads a shipment, and locks it until the transaction ends. Throws `VersionConflict` if it is not at the expected
   * version.
   */
  load(tx: Tx, shipmentId: string, expected?: bigint): Promise<Shipment | undefined>;
  read(read: Read, shipmentId: string): Promise<Shipment | undefined>;
  /** Stores a shipment that is locked. */
  save(tx: Tx, shipment: Shipment): Promise<void>;
  addReturn(tx: Tx, goodsReturn: GoodsReturn): Promise<void>;
  readReturn(read: Read, returnId: string): Promise<GoodsReturn | undefined>;
}

export interface AdjustmentStore {
  insert(tx: Tx, adjustment: PendingAdjustment): Promise<void>;
  /** Reads an adjustment, and locks it until the transaction ends. */
  load(tx: Tx, adjustmentId: string): Promise<Adjustment | undefined>;
  read(read: Read, adjustmentId: string): Promise<Adjustment | undefined>;
  /** Stores the end of an adjustment that is locked. */
  save(tx: Tx, adjustment: Exclude<Adjustment, PendingAdjustment>): Promise<void>;
}

/** The SHA-256 (FIPS 180-4) of the text in UTF-8, in 64 hex digits of lower case. */
export type Sha256 = (text: string) => string;
