import type { Released, Reservation } from './reservation.ts';

/** OrderCancelled. Undefined is the no-op of the state table: nothing is held, or not any more. */
export function release(reservation: Reservation): Released | undefined {
  switch (reservation.state) {
    case 'HELD':
      return { ...reservation, state: 'RELEASED', version: reservation.version + 1n };
    case 'FAILED':
    case 'RELEASED':
      return undefined;
  }
}
