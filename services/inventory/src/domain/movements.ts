import { MAX_QUANTITY, samePlace, type Movement, type StockLevel, type StockPlace } from './stock.ts';

/** What happens to one balance. */
export interface Change {
  /** What is added to the stock on hand; below zero if stock leaves. Not zero. */
  readonly delta: bigint;
  /** What is added to the reserved part of it. */
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

/** One movement per change. Several may concern one balance, so that each goes on from the one before. */
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

/** The problem with more on hand than the contract can count. */
export function tooLarge(onHand: bigint): TooLarge | undefined {
  if (onHand <= MAX_QUANTITY) return undefined;
  return { code: 'stock-too-large', detail: `on hand would be above ${MAX_QUANTITY}` };
}
