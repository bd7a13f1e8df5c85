import type {
  ReservationExpiredEvent,
  StockMovedEvent,
  StockReservationFailedEvent,
  StockReservedEvent,
} from '@atlas/generated-inventory';
import { microsOf } from '@atlas/runtime/time';
import type { Expired, Failed, Held } from '../domain/reservation.ts';
import type { Movement } from '../domain/stock.ts';

/** What other services learn about stock, in the words of the contract. */

export function stockReserved({ orderId, reservationId, expiresAt, lines }: Held): StockReservedEvent {
  return { type: 'StockReserved', data: { orderId, reservationId, expiresAt: microsOf(expiresAt), lines } };
}

export function stockReservationFailed({ orderId, shortages }: Failed): StockReservationFailedEvent {
  return { type: 'StockReservationFailed', data: { orderId, shortages } };
}

export function reservationExpired({ orderId, reservationId }: Expired): ReservationExpiredEvent {
  return { type: 'ReservationExpired', data: { orderId, reservationId } };
}

/** Without the time of the movement, because it is the time of the event. */
export function stockMoved({ recordedAt: _time, ...data }: Movement): StockMovedEvent {
  return { type: 'StockMoved', data };
}
