import { MAX_QUANTITY, samePlace, type Movement, type StockLevel, type StockPlace } from './stock.ts';

/** A change of one balance. */
export interface Change {
  /** The change of the stock on hand; below zero if stock leaves. Not zero. */
  readonly delta: bigint;
  /** The change of its reserved part. */
  readonly reserved: bigint;
}

export interface Cause extends Pick<Movement, 'kind' | 'sourceId'> {
  readonly newId: () => string;
  readonly now: Date;
}

export function movementOf(level: StockLevel, { delta, reserved }: Change, cause: Cause): Movement {
  return {
    movementId: cause.newId(),
    sku: level.sku,
    warehouseId: level.warehouseId,
    kind: cause.kind,
    sourceId: cause.sourceId,
    delta,
    onHandAfter: level.onHand + delta,
    reservedAfter: level.reserved + reserved,
    recordedAt: cause.now,
  };
}

/** Makes one movement per change. If several changes are of one balance, each continues from the one before. */
export function movementsOf(
  changes: readonly (Change & StockPlace)[],
  levels: readonly StockLevel[],
  cause: Cause,
): readonly Movement[] {
  const current = [...levels];
  return changes.map((change) => {
    const index = current.findIndex((level) => samePlace(level, change));
    const level = current[index];
    if (!level) throw new Error(`the balance of ${change.sku} in ${change.warehouseId} is not among those given`);
    const movement = movementOf(level, change, cause);
    current[index] = { ...level, onHand: movement.onHandAfter, reserved: movement.reservedAfter };
    return movement;
  });
}

export interface TooLarge {
  readonly code: 'stock-too-large';
  readonly detail: string;
}

/** The problem if more would be on hand than the contract can represent. */
export function tooLarge(onHand: bigint): TooLarge | undefined {
  if (onHand <= MAX_QUANTITY) return undefined;
  return { code: 'stock-too-large', detail: `on hand would be above ${MAX_QUANTITY}` };
}
