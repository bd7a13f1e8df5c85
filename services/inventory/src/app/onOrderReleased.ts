import type { OnOrderReleased } from '@atlas/generated-inventory';
import { commit } from '../domain/decide.ts';
import { reachedByHold } from '../domain/reorder.ts';
import type { ReservationStore, StockLedger } from '../ports.ts';
import { reorderPointReached, reservationRenewed, stockReservationFailed } from './events.ts';

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
    // the order is paid and would wait for its goods forever, so the event becomes a dead letter for an operator
    if (!reservation) throw new Error(`order ${orderId} was released, but it was never placed here`);
    // only an expired reservation needs stock again
    const skus = reservation.state === 'EXPIRED' ? reservation.lines.map(({ sku }) => sku) : [];
    const levels = skus.length > 0 ? await stock.lockAll(tx, skus) : [];
    const committed = commit(reservation, levels);
    if (!committed) return { events: [], noop: reservation.state };
    await reservations.save(tx, committed);
    if (committed.state === 'FAILED') return { events: [stockReservationFailed(committed)] };
    const timers = [{ cancel: 'reservationExpiry', key: orderId }] as const;
    if (reservation.state !== 'EXPIRED') return { events: [], timers };
    await stock.hold(tx, committed.lines);
    return {
      events: [reservationRenewed(committed), ...reachedByHold(levels, committed.lines).map(reorderPointReached)],
      timers,
    };
  };
