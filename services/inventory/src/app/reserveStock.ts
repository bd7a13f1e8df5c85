import type { ReserveStock } from '@atlas/generated-inventory';
import { reserveAll, type Answer } from '../domain/reserve.ts';
import type { ReservationStore, StockLedger } from '../ports.ts';
import { reorderPointReached, stockReservationFailed, stockReserved } from './events.ts';

/** Answers the orders of a set one after the other, with one statement per table for all of them. */
export const reserveStock =
  ({
    reservations,
    stock,
    holdSeconds,
  }: {
    readonly reservations: ReservationStore;
    readonly stock: StockLedger;
    /** How long stock is held for an order that is not released. */
    readonly holdSeconds: number;
  }): ReserveStock.Handler =>
  async ({ messages, ctx: { now, newId } }, tx): Promise<readonly ReserveStock.Result[]> => {
    const orders = messages.map(({ data }) => data);
    // the inbox drops copies of one event; the states find a second event about the same order
    const [answered, levels] = await Promise.all([
      reservations.states(
        tx,
        orders.map(({ orderId }) => orderId),
      ),
      stock.lockAll(tx, [...new Set(orders.flatMap(({ lines }) => lines.map(({ sku }) => sku)))]),
    ]);
    const answers = reserveAll(orders, { answered, levels }, { newId, now, holdSeconds });
    const made = answers.flatMap((answer) => ('noop' in answer ? [] : [answer.reservation]));
    if (made.length > 0) await reservations.insertAll(tx, made);
    const held = made.flatMap((reservation) => (reservation.state === 'HELD' ? reservation.lines : []));
    if (held.length > 0) await stock.hold(tx, held);
    return answers.map(resultOf);
  };

function resultOf(answer: Answer): ReserveStock.Result {
  if ('noop' in answer) return { events: [], noop: answer.noop };
  const { reservation, reached } = answer;
  if (reservation.state === 'FAILED') return { events: [stockReservationFailed(reservation)] };
  const { orderId, expiresAt } = reservation;
  return {
    events: [stockReserved(reservation), ...reached.map(reorderPointReached)],
    timers: [{ set: 'reservationExpiry', key: orderId, at: expiresAt, data: { orderId } }],
  };
}
