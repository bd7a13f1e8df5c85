import type { OnOrderCancellationRequested } from '@atlas/generated-inventory';
import { acknowledge, release } from '../domain/decide.ts';
import type { ReservationStore, StockLedger } from '../ports.ts';
import { endHold } from './endHold.ts';
import { reservationReleased } from './events.ts';

/** The order waits for the answer, so there is one in every state, even if nothing changes. */
export const onOrderCancellationRequested =
  ({
    reservations,
    stock,
  }: {
    readonly reservations: ReservationStore;
    readonly stock: StockLedger;
  }): OnOrderCancellationRequested.Handler =>
  async ({ data: { orderId } }, tx): Promise<OnOrderCancellationRequested.Result> => {
    const reservation = await reservations.load(tx, orderId);
    const released = reservation && release(reservation);
    if (released) await endHold({ reservations, stock }, tx, released);
    const what = acknowledge(reservation, released);
    return {
      events: [reservationReleased(orderId, reservation, what, 'CANCELLATION_REQUESTED')],
      timers: released ? [{ cancel: 'reservationExpiry', key: orderId }] : [],
    };
  };
