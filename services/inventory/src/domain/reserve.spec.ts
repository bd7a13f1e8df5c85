import { describe, expect, it } from 'vitest';
import { NOW, ORDER_ID, RESERVATION_ID, aHeld, aLevel, aShortage, aWantedLine } from '../../test/samples.ts';
import { reserve } from './reserve.ts';

const order = { orderId: ORDER_ID, lines: [aWantedLine()] };
const made = { reservationId: RESERVATION_ID, now: NOW };

describe('a placed order', () => {
  it('that can be served is held for a week', () => {
    expect(reserve(order, [aLevel()], made)).toEqual(aHeld());
  });

  it('that cannot be served fails with what is short', () => {
    expect(reserve(order, [], made)).toEqual({
      state: 'FAILED',
      reservationId: RESERVATION_ID,
      orderId: ORDER_ID,
      version: 1n,
      shortages: [aShortage],
    });
  });
});
