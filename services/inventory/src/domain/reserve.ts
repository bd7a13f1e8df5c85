import { allocate } from './allocate.ts';
import { reachedByHold, type Reached } from './reorder.ts';
import type { Failed, Held, Reservation, WantedLine } from './reservation.ts';
import { afterHold, type StockLevel } from './stock.ts';

export interface Wanted {
  readonly orderId: string;
  readonly lines: readonly WantedLine[];
}

/** The answer to a placed order, or the state of its reservation if it was answered before. */
export type Answer =
  | {
      readonly reservation: Held | Failed;
      /** The reorder points that it reaches. */
      readonly reached: readonly Reached[];
    }
  | { readonly noop: Reservation['state'] };

interface Terms {
  readonly newId: () => string;
  readonly now: Date;
  readonly holdSeconds: number;
}

/**
 * Answers placed orders one after the other, each with stock for all of its lines, or for none. An order finds the
 * balances as those before it leave them. `levels` are all balances of their items.
 */
export function reserveAll(
  orders: readonly Wanted[],
  before: {
    /** By order: the state of its reservation. */
    readonly answered: ReadonlyMap<string, Reservation['state']>;
    readonly levels: readonly StockLevel[];
  },
  terms: Terms,
): readonly Answer[] {
  const answered = new Map(before.answered);
  const levelsOf = new Map<string, readonly StockLevel[]>(Map.groupBy(before.levels, ({ sku }) => sku));
  return orders.map((order) => {
    const noop = answered.get(order.orderId);
    if (noop) return { noop };
    const skus = [...new Set(order.lines.map(({ sku }) => sku))].toSorted();
    const levels = skus.flatMap((sku) => levelsOf.get(sku) ?? []);
    const reservation = reserve(order, levels, terms);
    answered.set(order.orderId, reservation.state);
    if (reservation.state === 'FAILED') return { reservation, reached: [] };
    const { lines } = reservation;
    const after = levels.map((level) => afterHold(level, lines));
    for (const [sku, ofSku] of Map.groupBy(after, (level) => level.sku)) levelsOf.set(sku, ofSku);
    return { reservation, reached: reachedByHold(levels, lines) };
  });
}

/** Answers one placed order. `levels` are all balances of its items. */
export function reserve(
  { orderId, lines: wanted }: Wanted,
  levels: readonly StockLevel[],
  { newId, now, holdSeconds }: Terms,
): Held | Failed {
  const allocation = allocate(wanted, levels);
  const base = { reservationId: newId(), orderId, version: 1n };
  if (!allocation.ok) {
    return { ...base, state: 'FAILED', shortages: allocation.shortages };
  }
  return { ...base, state: 'HELD', lines: allocation.lines, expiresAt: new Date(now.getTime() + holdSeconds * 1_000) };
}
