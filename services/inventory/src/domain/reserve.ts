import { allocate } from './allocate.ts';
import type { Failed, Held, WantedLine } from './reservation.ts';
import type { StockLevel } from './stock.ts';

/** Outlasts the approval and payment that an order waits for while its stock is held. */
const HOLD_DAYS = 7;

export interface Wanted {
  readonly orderId: string;
  readonly lines: readonly WantedLine[];
}

type Reserved =
  | { readonly reservation: Held; readonly events: readonly [ReturnType<typeof stockReserved>] }
  | { readonly reservation: Failed; readonly events: readonly [ReturnType<typeof stockReservationFailed>] };

/** Answers a placed order: stock for all of its lines, or for none. `levels` are all that its items have anywhere. */
export function reserve(
  { orderId, lines: wanted }: Wanted,
  levels: readonly StockLevel[],
  { reservationId, now }: { readonly reservationId: string; readonly now: Date },
): Reserved {
  const allocation = allocate(wanted, levels);
  const base = { reservationId, orderId, version: 1n };
  if (!allocation.ok) {
    const failed: Failed = { ...base, state: 'FAILED', shortages: allocation.shortages };
    return { reservation: failed, events: [stockReservationFailed(failed)] };
  }
  const held: Held = { ...base, state: 'HELD', lines: allocation.lines, expiresAt: daysAfter(now, HOLD_DAYS) };
  return { reservation: held, events: [stockReserved(held)] };
}

function stockReserved({ orderId, reservationId, expiresAt, lines }: Held) {
  return {
    type: 'StockReserved' as const,
    data: { orderId, reservationId, expiresAt: BigInt(expiresAt.getTime()) * 1000n, lines },
  };
}

function stockReservationFailed({ orderId, shortages }: Failed) {
  return { type: 'StockReservationFailed' as const, data: { orderId, shortages } };
}

function daysAfter(instant: Date, days: number): Date {
  return new Date(instant.getTime() + days * 86_400_000);
}
