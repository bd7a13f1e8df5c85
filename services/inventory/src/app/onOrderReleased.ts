import type { OnOrderReleased } from '@atlas/generated-inventory';
import { commit } from '../domain/decide.ts';
import { reachedByHold } from '../domain/reorder.ts';
import type { ReservationStore, StockLedger } from '../ports.ts';
import { reorderPointReached, stockReservationFailed } from './events.ts';

export const onOrderReleased =
  ({
    reservations,
    stock,
  }: {
    readonly reservations: ReservationStore;
    readonly stock: StockLedger;
  }): OnOrderReleased.Handler =>
  async ({ data: { orderId } }, tx): Promise<OnOrderReleased.Result> => {
    const reservation = await reservations.load(tx, orderId);
    // the order is paid and would wait for its goods forever, so that somebody has to look at it: a dead letter
    if (!reservation) throw new Error(`order ${orderId} was released, but it was never placed here`);
    // only what has expired needs stock once more
    const skus = reservation.state === 'EXPIRED' ? reservation.lines.map(({ sku }) => sku) : [];
    const levels = skus.length > 0 ? await stock.lockAll(tx, skus) : [];
    const committed = commit(reservation, levels);
    if (!committed) return { events: [], noop: reservation.state };
    await reservations.save(tx, committed);
    if (committed.state === 'FAILED') return { events: [stockReservationFailed(committed)] };
    if (reservation.state === 'EXPIRED') await stock.hold(tx, committed.lines);
    return {
      // without an expired hold there are no levels here, and nothing is held that was not held before
      events: reachedByHold(levels, committed.lines).map(reorderPointReached),
      timers: [{ cancel: 'reservationExpiry', key: orderId }],
    };
  };
