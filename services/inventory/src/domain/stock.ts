/** The largest quantity that the contract allows: the largest whole number that JSON numbers have exactly. */
export const MAX_QUANTITY = 2n ** 53n - 1n;

/** What one warehouse has of one item, in the item's base unit. 0 <= reserved <= onHand. */
export interface StockLevel {
  readonly sku: string;
  readonly warehouseId: string;
  /** Warehouses are tried in the order of their codes. */
  readonly warehouseCode: string;
  readonly onHand: bigint;
  readonly reserved: bigint;
}

export function available({ onHand, reserved }: StockLevel): bigint {
  return onHand - reserved;
}

/** One row of the ledger: a change of the stock on hand, and the stock after it. */
export interface Movement {
  readonly movementId: string;
  readonly sku: string;
  readonly warehouseId: string;
  readonly kind: 'RECEIPT';
  /** Above zero if stock came in. */
  readonly delta: bigint;
  readonly onHandAfter: bigint;
  readonly reservedAfter: bigint;
  readonly recordedAt: Date;
}
