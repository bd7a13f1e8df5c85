import { afterHold, available, type StockLevel, type StockPlace } from './stock.ts';

/** The free stock of a balance at which somebody should order more. */
export interface ReorderPoint {
  /** Null if it is not set. */
  readonly point: bigint | null;
  /** 1 until it is set, and one more for each change. */
  readonly version: bigint;
}

/** The free stock of a balance fell to its reorder point. */
export interface Reached extends StockPlace {
  readonly reorderPoint: bigint;
  readonly free: bigint;
}

/**
 * Whether the free stock reached the reorder point between two states of one balance: before, it was above the point or
 * there was no point. A change below the point is not a crossing, so each crossing is reported once.
 */
export function reached(before: StockLevel, after: StockLevel): Reached | undefined {
  const { sku, warehouseId, reorderPoint } = after;
  if (reorderPoint === null || isLow(before) || !isLow(after)) return undefined;
  return { sku, warehouseId, reorderPoint, free: available(after) };
}

/** The crossings that happen if quantities of these balances are held. */
export function reachedByHold(
  levels: readonly StockLevel[],
  held: readonly (StockPlace & { readonly qty: bigint })[],
): readonly Reached[] {
  return levels.flatMap((level) => reached(level, afterHold(level, held)) ?? []);
}

function isLow(level: StockLevel): boolean {
  return level.reorderPoint !== null && available(level) <= level.reorderPoint;
}
