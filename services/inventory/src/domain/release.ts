import type { Expired, Released, Reservation } from './reservation.ts';

/** OrderCancelled. Undefined is the no-op of the state table: nothing is held, or not any more. */
export function release(reservation: Reservation): Released | undefined {
  switch (reservation.state) {
    case 'HELD':
      return { ...reservation, state: 'RELEASED', version: reservation.version + 1n };
    case 'FAILED':
    case 'RELEASED':
    case 'EXPIRED':
      return undefined;
  }
}

/** The timer reservationExpiry. Undefined is the no-op of the state table: nothing is held, or not any more. */
export function expire(reservation: Reservation): Expired | undefined {
  switch (reservation.state) {
    case 'HELD':
      return { ...reservation, state: 'EXPIRED', version: reservation.version + 1n };
    case 'FAILED':
    case 'RELEASED':
    case 'EXPIRED':
      return undefined;
  }
}
