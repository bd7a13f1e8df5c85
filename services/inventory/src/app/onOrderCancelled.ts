import type { OnOrderCancelled } from '@atlas/generated-inventory';
import { acknowledge, release } from '../domain/decide.ts';
import type { ReservationStore, StockLedger } from '../ports.ts';
import { endHold } from './endHold.ts';
import { reservationReleased } from './events.ts';

export const onOrderCancelled =
  ({
    reservations,
    stock,
  }: {
    readonly reservations: ReservationStore;
    readonly stock: StockLedger;
  }): OnOrderCancelled.Handler =>
  async ({ data: { orderId } }, tx): Promise<OnOrderCancelled.Result> => {
    const reservation = await reservations.load(tx, orderId);
    const released = reservation && release(reservation);
    // an order that Inventory does not know has no stock to release either
    if (!released) return { events: [], noop: reservation?.state ?? 'UNKNOWN' };
    await endHold({ reservations, stock }, tx, released);
    const what = acknowledge(reservation, released);
    return {
      events: [reservationReleased(orderId, reservation, what, 'ORDER_CANCELLED')],
      timers: [{ cancel: 'reservationExpiry', key: orderId }],
    };
  };
