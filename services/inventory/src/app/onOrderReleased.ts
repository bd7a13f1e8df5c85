import type { OnOrderReleased } from '@atlas/generated-inventory';
import { commit } from '../domain/decide.ts';
import type { Reservation } from '../domain/reservation.ts';
import type { ReservationStore, StockLedger, Tx } from '../ports.ts';
import { stockReservationFailed } from './events.ts';

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
    const committed = commit(reservation, await levelsFor(stock, tx, reservation));
    if (!committed) return { events: [], noop: reservation.state };
    await reservations.save(tx, committed);
    if (committed.state === 'FAILED') return { events: [stockReservationFailed(committed)] };
    if (reservation.state === 'EXPIRED') await stock.hold(tx, committed.lines);
    return { events: [], timers: [{ cancel: 'reservationExpiry', key: orderId }] };
  };

/** Only what has expired needs stock once more. */
async function levelsFor(stock: StockLedger, tx: Tx, reservation: Reservation) {
  if (reservation.state !== 'EXPIRED') return [];
  return stock.lockAll(
    tx,
    reservation.lines.map(({ sku }) => sku),
  );
}
