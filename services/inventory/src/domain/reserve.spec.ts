import { describe, expect, it } from 'vitest';
import { NOW, ORDER_ID, RESERVATION_ID, aHeld, aLevel, aShortage, aWantedLine } from '../../test/samples.ts';
import { expire, release } from './release.ts';
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

describe('OrderCancelled in the state', () => {
  const held = reserve(order, [aLevel()], made);
  const released = release(held);

  it('HELD becomes RELEASED, one version on', () => {
    expect(released).toEqual({ ...held, state: 'RELEASED', version: 2n });
  });
  it('RELEASED stays', () => expect(released && release(released)).toBeUndefined());
  it('FAILED stays', () => expect(release(reserve(order, [], made))).toBeUndefined());
});

describe('the timer reservationExpiry in the state', () => {
  const held = reserve(order, [aLevel()], made);
  const expired = expire(held);

  it('HELD gives EXPIRED, one version on', () => {
    expect(expired).toEqual({ ...held, state: 'EXPIRED', version: 2n });
  });
  it('EXPIRED stays', () => expect(expired && expire(expired)).toBeUndefined());
  it('RELEASED stays', () => {
    const released = release(held);
    expect(released && expire(released)).toBeUndefined();
  });
  it('FAILED stays', () => expect(expire(reserve(order, [], made))).toBeUndefined());
  it('EXPIRED does not become RELEASED', () => expect(expired && release(expired)).toBeUndefined());
});
