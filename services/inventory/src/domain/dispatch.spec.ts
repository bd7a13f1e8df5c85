import { describe, expect, it } from 'vitest';
import {
  NOW,
  ORDER_ID,
  aClosed,
  aCommitted,
  aFailed,
  aHeld,
  aHeldLine,
  aLevel,
  aReleased,
  anExpired,
} from '../../test/samples.ts';
import { dispatch, type Load } from './dispatch.ts';
import type { Reservation } from './reservation.ts';

const first = aHeldLine();
const second = aHeldLine({ lineId: 'line-2', qty: 3n });
const levels = [aLevel({ onHand: 10n, reserved: 7n })];

function load(...lines: readonly (readonly [string, bigint])[]): Load {
  return { warehouseId: 'wh-a', lines: lines.map(([lineId, qty]) => ({ lineId, qty })) };
}

function send(reservation: Reservation, what: Load) {
  let count = 0;
  return dispatch(reservation, levels, what, { newId: () => `id-${(count += 1)}`, now: NOW });
}

describe('a shipment', () => {
  it('of a part leaves the rest open', () => {
    expect(send(aCommitted(first), load(['line-1', 1n]))).toEqual({
      ok: true,
      reservation: { ...aCommitted(aHeldLine({ shipped: 1n })), version: 3n },
      shipment: {
        shipmentId: 'id-1',
        orderId: ORDER_ID,
        warehouseId: 'wh-a',
        state: 'DISPATCHED',
        version: 1n,
        lines: [{ lineId: 'line-1', sku: 'BOLT', qty: 1n, returned: 0n }],
        dispatchedAt: NOW,
        deliveredAt: null,
      },
      movements: [
        {
          movementId: 'id-2',
          sku: 'BOLT',
          warehouseId: 'wh-a',
          kind: 'SHIPMENT',
          sourceId: 'id-1',
          delta: -1n,
          onHandAfter: 9n,
          reservedAfter: 6n,
          recordedAt: NOW,
        },
      ],
    });
  });

  it('of everything that is open closes the reservation', () => {
    const before = aCommitted(aHeldLine({ shipped: 3n }), second);
    expect(send(before, load(['line-2', 3n], ['line-1', 1n]))).toMatchObject({
      reservation: { state: 'CLOSED', version: 3n, lines: [{ shipped: 4n }, { shipped: 3n }] },
    });
  });

  it('of one line does not close the reservation while another line is open', () => {
    expect(send(aCommitted(first, second), load(['line-1', 4n]))).toMatchObject({
      reservation: { state: 'COMMITTED' },
    });
  });

  it('of two lines of one item makes two movements, and the second continues from the first', () => {
    expect(send(aCommitted(first, second), load(['line-1', 4n], ['line-2', 2n]))).toMatchObject({
      movements: [
        { delta: -4n, onHandAfter: 6n, reservedAfter: 3n },
        { delta: -2n, onHandAfter: 4n, reservedAfter: 1n },
      ],
    });
  });
});

describe('a shipment is refused', () => {
  const conflict = (code: string) => ({ ok: false, status: 409, problem: { code } });
  const invalid = (code: string, pointer: string) => ({
    ok: false,
    status: 422,
    problem: { code, errors: [{ pointer }] },
  });

  it.each([aHeld(), aClosed(), aReleased(), anExpired(), aFailed()])('if the reservation is $state', (reservation) => {
    expect(send(reservation, load(['line-1', 1n]))).toMatchObject(conflict('reservation-not-committed'));
  });

  it('if a line has less open', () => {
    const before = aCommitted(aHeldLine({ shipped: 1n }), second);
    expect(send(before, load(['line-2', 1n], ['line-1', 4n]))).toMatchObject({
      status: 409,
      problem: { code: 'quantity-not-open', errors: [{ pointer: '/lines/1/qty' }] },
    });
  });

  it('if the order does not have a line', () => {
    expect(send(aCommitted(first), load(['line-9', 1n]))).toMatchObject(invalid('line-unknown', '/lines/0/lineId'));
  });

  it('if a line is named twice, even if both fit', () => {
    expect(send(aCommitted(first), load(['line-1', 1n], ['line-1', 1n]))).toMatchObject(
      invalid('line-repeated', '/lines/1/lineId'),
    );
  });

  it('if a line is in another warehouse', () => {
    const before = aCommitted(first, aHeldLine({ lineId: 'line-2', warehouseId: 'wh-b' }));
    expect(send(before, load(['line-1', 1n], ['line-2', 1n]))).toMatchObject(
      invalid('line-elsewhere', '/lines/1/lineId'),
    );
  });
});
