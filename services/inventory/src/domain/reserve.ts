import { allocate } from './allocate.ts';
import type { Failed, Held, WantedLine } from './reservation.ts';
import type { StockLevel } from './stock.ts';

export interface Wanted {
  readonly orderId: string;
  readonly lines: readonly WantedLine[];
}

/** Answers a placed order with stock for all of its lines, or for none. `levels` are all balances of its items. */
export function reserve(
  { orderId, lines: wanted }: Wanted,
  levels: readonly StockLevel[],
  {
    reservationId,
    now,
    holdSeconds,
  }: { readonly reservationId: string; readonly now: Date; readonly holdSeconds: number },
): Held | Failed {
  const allocation = allocate(wanted, levels);
  const base = { reservationId, orderId, version: 1n };
  if (!allocation.ok) {
    return { ...base, state: 'FAILED', shortages: allocation.shortages };
  }
  return { ...base, state: 'HELD', lines: allocation.lines, expiresAt: new Date(now.getTime() + holdSeconds * 1_000) };
}
