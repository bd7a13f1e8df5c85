import type { OnOrderPlaced } from '@atlas/generated-inventory';
import { reserve } from '../domain/reserve.ts';
import type { ReservationStore, StockLedger } from '../ports.ts';

export const onOrderPlaced =
  ({
    reservations,
    stock,
  }: {
    readonly reservations: ReservationStore;
    readonly stock: StockLedger;
  }): OnOrderPlaced.Handler =>
  async ({ data, ctx }, tx) => {
    // The inbox knows copies of an event; this knows an order that was sent twice.
    const answered = await reservations.load(tx, data.orderId);
    if (answered) return { events: [], noop: answered.state };
    const levels = await stock.lockAll(
      tx,
      data.lines.map(({ sku }) => sku),
    );
    const { reservation, events } = reserve(data, levels, { reservationId: ctx.newId(), now: ctx.now });
    await reservations.insert(tx, reservation);
    if (reservation.state === 'HELD') await stock.hold(tx, reservation.lines);
    return { events };
  };
