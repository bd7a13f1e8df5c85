import type { OnReservationExpiry } from '@atlas/generated-inventory';
import { expire } from '../domain/decide.ts';
import type { ReservationStore, StockLedger } from '../ports.ts';
import { endHold } from './endHold.ts';
import { reservationExpired } from './events.ts';

export const onReservationExpiry =
  ({
    reservations,
    stock,
  }: {
    readonly reservations: ReservationStore;
    readonly stock: StockLedger;
  }): OnReservationExpiry.Handler =>
  async ({ data }, tx): Promise<OnReservationExpiry.Result> => {
    const reservation = await reservations.load(tx, data.orderId);
    const expired = reservation && expire(reservation);
    if (!expired) return { events: [], noop: reservation?.state ?? 'UNKNOWN' };
    await endHold({ reservations, stock }, tx, expired);
    return { events: [reservationExpired(expired)] };
  };
