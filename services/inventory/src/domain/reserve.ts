import { allocate } from './allocate.ts';
import type { Failed, Held, WantedLine } from './reservation.ts';
import type { StockLevel } from './stock.ts';

/** Longer than the approval and the payment that an order waits for while its stock is held. */
const HOLD_DAYS = 7;

export interface Wanted {
  readonly orderId: string;
  readonly lines: readonly WantedLine[];
}

/** Answers a placed order with stock for all of its lines, or for none. `levels` are all balances of its items. */
export function reserve(
  { orderId, lines: wanted }: Wanted,
  levels: readonly StockLevel[],
  { reservationId, now }: { readonly reservationId: string; readonly now: Date },
): Held | Failed {
  const allocation = allocate(wanted, levels);
  const base = { reservationId, orderId, version: 1n };
  if (!allocation.ok) {
    return { ...base, state: 'FAILED', shortages: allocation.shortages };
  }
  return { ...base, state: 'HELD', lines: allocation.lines, expiresAt: daysAfter(now, HOLD_DAYS) };
}

function daysAfter(instant: Date, days: number): Date {
  return new Date(instant.getTime() + days * 86_400_000);
}
