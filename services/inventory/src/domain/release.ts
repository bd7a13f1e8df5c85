import type { Released, Reservation } from './reservation.ts';

/** OrderCancelled. Undefined is the state table's no-op: nothing is held, or no longer. */
export function release(reservation: Reservation): Released | undefined {
  switch (reservation.state) {
    case 'HELD':
      return { ...reservation, state: 'RELEASED', version: reservation.version + 1n };
    case 'FAILED':
    case 'RELEASED':
      return undefined;
  }
}
