import { dateOfMicros } from '@atlas/runtime/time';
import { describe, expect, it } from 'vitest';
import { NOW, ORDER_ID, RESERVATION_ID, aCommitted, aFailed, aHeld, aShortage } from '../../test/samples.ts';
import { reservationRenewed, stockMoved, stockReservationFailed, stockReserved } from './events.ts';

describe('the events of Inventory', () => {
  it('StockReserved says what is held, where, and until when', () => {
    const held = aHeld();
    const { type, data } = stockReserved(held);
    const { expiresAt, ...rest } = data;
    expect({ type, data: rest }).toEqual({
      type: 'StockReserved',
      data: {
        orderId: ORDER_ID,
        reservationId: RESERVATION_ID,
        lines: [{ lineId: 'line-1', sku: 'BOLT', warehouseId: 'wh-a', qty: 4n }],
      },
    });
    expect(dateOfMicros(expiresAt)).toEqual(held.expiresAt);
  });

  it('ReservationRenewed says what is held once more, and where', () => {
    expect(reservationRenewed(aCommitted())).toEqual({
      type: 'ReservationRenewed',
      data: {
        orderId: ORDER_ID,
        reservationId: RESERVATION_ID,
        lines: [{ lineId: 'line-1', sku: 'BOLT', warehouseId: 'wh-a', qty: 4n }],
      },
    });
  });

  it('StockReservationFailed says what is short', () => {
    expect(stockReservationFailed(aFailed())).toEqual({
      type: 'StockReservationFailed',
      data: { orderId: ORDER_ID, shortages: [aShortage] },
    });
  });

  it('StockMoved has the movement without its time, because the event has the same time', () => {
    const data = {
      movementId: RESERVATION_ID,
      sku: 'BOLT',
      warehouseId: 'wh-a',
      kind: 'RECEIPT',
      delta: 5n,
      onHandAfter: 15n,
      reservedAfter: 0n,
    } as const;
    expect(stockMoved({ ...data, sourceId: null, recordedAt: NOW })).toEqual({ type: 'StockMoved', data });
  });
});
