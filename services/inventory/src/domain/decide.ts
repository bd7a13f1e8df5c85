import { allocate } from './allocate.ts';
import {
  openOf,
  type Committed,
  type Expired,
  type Failed,
  type HeldLine,
  type Released,
  type Reservation,
} from './reservation.ts';
import type { StockLevel } from './stock.ts';

/** OrderReleased. Undefined is the no-op of the state table: the event is a repetition, or the order has ended here. */
export function commit(reservation: Reservation, levels: readonly StockLevel[]): Committed | Failed | undefined {
  const { reservationId, orderId } = reservation;
  const next = { reservationId, orderId, version: reservation.version + 1n };
  switch (reservation.state) {
    case 'HELD':
      return { ...next, state: 'COMMITTED', lines: reservation.lines };
    case 'EXPIRED': {
      const again = allocate(reservation.lines.map(wantedAgain), levels);
      return again.ok
        ? { ...next, state: 'COMMITTED', lines: again.lines }
        : { ...next, state: 'FAILED', shortages: again.shortages };
    }
    case 'COMMITTED':
    case 'CLOSED':
    case 'RELEASED':
    case 'FAILED':
      return undefined;
  }
}

function wantedAgain({ lineId, sku, qty, warehouseId, anyWarehouse }: HeldLine) {
  return { lineId, sku, qty, warehouseId: anyWarehouse ? null : warehouseId };
}

/** OrderCancelled. Undefined is the no-op of the state table: nothing is held, or not any more. */
export function release(reservation: Reservation): Released | undefined {
  switch (reservation.state) {
    case 'HELD':
    case 'COMMITTED': {
      const { reservationId, orderId, lines } = reservation;
      return { state: 'RELEASED', reservationId, orderId, lines, version: reservation.version + 1n };
    }
    case 'CLOSED':
    case 'RELEASED':
    case 'EXPIRED':
    case 'FAILED':
      return undefined;
  }
}

/** The timer reservationExpiry. Undefined is the no-op of the state table: nothing is held, or it has no end. */
export function expire(reservation: Reservation): Expired | undefined {
  switch (reservation.state) {
    case 'HELD':
      return { ...reservation, state: 'EXPIRED', version: reservation.version + 1n };
    case 'COMMITTED':
    case 'CLOSED':
    case 'RELEASED':
    case 'EXPIRED':
    case 'FAILED':
      return undefined;
  }
}

interface LineQuantity {
  readonly lineId: string;
  readonly qty: bigint;
}

/**
 * The answer to a cancellation: what was held until now, and what had left before. Lines with a quantity of zero are
 * left out.
 */
export interface Acknowledgement {
  readonly released: readonly LineQuantity[];
  readonly shipped: readonly LineQuantity[];
}

/**
 * Makes the answer to a cancellation. `released` is undefined if nothing was held, so that the cancellation changed
 * nothing. The order gets an answer nevertheless, because it waits for one.
 */
export function acknowledge(before: Reservation | undefined, released: Released | undefined): Acknowledgement {
  const lines = before && before.state !== 'FAILED' ? before.lines : [];
  return {
    released: released ? quantities(released.lines, openOf) : [],
    shipped: quantities(lines, ({ shipped }) => shipped),
  };
}

function quantities(lines: readonly HeldLine[], of: (line: HeldLine) => bigint): readonly LineQuantity[] {
  return lines.map((line) => ({ lineId: line.lineId, qty: of(line) })).filter(({ qty }) => qty > 0n);
}
