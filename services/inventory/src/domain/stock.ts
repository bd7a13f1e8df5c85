/** The largest quantity that the contract allows: the largest whole number that JSON numbers have exactly. */
export const MAX_QUANTITY = 2n ** 53n - 1n;

/** An item in a warehouse. */
export interface StockPlace {
  readonly sku: string;
  readonly warehouseId: string;
}

/** What one warehouse has of one item, in the item's base unit. 0 <= reserved <= onHand. */
export interface StockLevel extends StockPlace {
  /** Warehouses are tried in the order of their codes. */
  readonly warehouseCode: string;
  readonly onHand: bigint;
  readonly reserved: bigint;
  /** When the free stock falls to it, somebody should order more; null if it is not set. */
  readonly reorderPoint: bigint | null;
}

export function available({ onHand, reserved }: Pick<StockLevel, 'onHand' | 'reserved'>): bigint {
  return onHand - reserved;
}

export function samePlace(left: StockPlace, right: StockPlace): boolean {
  return left.sku === right.sku && left.warehouseId === right.warehouseId;
}

/** The balance after these quantities are held. Those of other balances do not count. */
export function afterHold(level: StockLevel, held: readonly (StockPlace & { readonly qty: bigint })[]): StockLevel {
  const qty = held.filter((line) => samePlace(line, level)).reduce((sum, line) => sum + line.qty, 0n);
  return { ...level, reserved: level.reserved + qty };
}

/** One row of the ledger: a change of the stock on hand, and the stock after it. */
export interface Movement extends StockPlace {
  readonly movementId: string;
  readonly kind: 'RECEIPT' | 'SHIPMENT' | 'RETURN' | 'ADJUSTMENT';
  /** The shipment, return or adjustment that it belongs to; null for a receipt. */
  readonly sourceId: string | null;
  /** Above zero if stock came in. */
  readonly delta: bigint;
  readonly onHandAfter: bigint;
  readonly reservedAfter: bigint;
  readonly recordedAt: Date;
}
