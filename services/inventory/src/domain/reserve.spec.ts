import { describe, expect, it } from 'vitest';
import { NOW, ORDER_ID, RESERVATION_ID, aLevel, aWantedLine } from '../../test/samples.ts';
import { release } from './release.ts';
import { reserve } from './reserve.ts';

const order = { orderId: ORDER_ID, lines: [aWantedLine()] };
const made = { reservationId: RESERVATION_ID, now: NOW };

describe('a placed order', () => {
  it('that can be served is held for a week', () => {
    const expiresAt = new Date('2026-12-01T09:30:00.000Z');
    const lines = [{ lineId: 'line-1', sku: 'BOLT', warehouseId: 'wh-a', qty: 4n }];
    expect(reserve(order, [aLevel()], made)).toEqual({
      reservation: { state: 'HELD', reservationId: RESERVATION_ID, orderId: ORDER_ID, version: 1n, lines, expiresAt },
      events: [
        {
          type: 'StockReserved',
          data: {
            orderId: ORDER_ID,
            reservationId: RESERVATION_ID,
            expiresAt: BigInt(expiresAt.getTime()) * 1000n,
            lines,
          },
        },
      ],
    });
  });

  it('that cannot is told what is short', () => {
    const shortages = [{ sku: 'BOLT', wanted: 4n, available: 0n }];
    expect(reserve(order, [], made)).toEqual({
      reservation: { state: 'FAILED', reservationId: RESERVATION_ID, orderId: ORDER_ID, version: 1n, shortages },
      events: [{ type: 'StockReservationFailed', data: { orderId: ORDER_ID, shortages } }],
    });
  });
});

describe('the state table: OrderCancelled', () => {
  const held = reserve(order, [aLevel()], made).reservation;
  const released = release(held);
  const failed = reserve(order, [], made).reservation;

  it('HELD gives RELEASED, one version on', () => {
    expect(released).toEqual({ ...held, state: 'RELEASED', version: 2n });
  });
  it('RELEASED stays', () => expect(released && release(released)).toBeUndefined());
  it('FAILED stays', () => expect(release(failed)).toBeUndefined());
});
