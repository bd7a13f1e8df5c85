import type { OnOrderCancelled } from '@atlas/generated-inventory';
import { release } from '../domain/release.ts';
import type { ReservationStore, StockLedger } from '../ports.ts';
import { endHold } from './endHold.ts';

export const onOrderCancelled =
  ({
    reservations,
    stock,
  }: {
    readonly reservations: ReservationStore;
    readonly stock: StockLedger;
  }): OnOrderCancelled.Handler =>
  async ({ data }, tx): Promise<OnOrderCancelled.Result> => {
    const reservation = await reservations.load(tx, data.orderId);
    const released = reservation && release(reservation);
    // an order that Inventory does not know has no stock to release either
    if (!released) return { events: [], noop: reservation?.state ?? 'UNKNOWN' };
    await endHold({ reservations, stock }, tx, released);
    return { events: [], timers: [{ cancel: 'reservationExpiry', key: data.orderId }] };
  };
