import type { OnOrderPlaced } from '@atlas/generated-inventory';
import { reachedByHold } from '../domain/reorder.ts';
import { reserve } from '../domain/reserve.ts';
import type { ReservationStore, StockLedger } from '../ports.ts';
import { reorderPointReached, stockReservationFailed, stockReserved } from './events.ts';

export const onOrderPlaced =
  ({
    reservations,
    stock,
    holdSeconds,
  }: {
    readonly reservations: ReservationStore;
    readonly stock: StockLedger;
    /** How long stock is held for an order that is not released. */
    readonly holdSeconds: number;
  }): OnOrderPlaced.Handler =>
  async ({ data, ctx }, tx): Promise<OnOrderPlaced.Result> => {
    // the inbox drops copies of one event; this finds a second event about the same order
    const answered = await reservations.load(tx, data.orderId);
    if (answered) return { events: [], noop: answered.state };
    const levels = await stock.lockAll(
      tx,
      data.lines.map(({ sku }) => sku),
    );
    const reservation = reserve(data, levels, { reservationId: ctx.newId(), now: ctx.now, holdSeconds });
    await reservations.insert(tx, reservation);
    if (reservation.state === 'FAILED') return { events: [stockReservationFailed(reservation)] };
    await stock.hold(tx, reservation.lines);
    const { orderId, expiresAt } = reservation;
    return {
      events: [stockReserved(reservation), ...reachedByHold(levels, reservation.lines).map(reorderPointReached)],
      timers: [{ set: 'reservationExpiry', key: orderId, at: expiresAt, data: { orderId } }],
    };
  };
