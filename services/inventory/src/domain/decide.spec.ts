import { describe, expect, it } from 'vitest';
import {
  ORDER_ID,
  RESERVATION_ID,
  aClosed,
  aCommitted,
  aFailed,
  aHeld,
  aHeldLine,
  aLevel,
  aReleased,
  anExpired,
} from '../../test/samples.ts';
import { acknowledge, commit, expire, release } from './decide.ts';

const committed = aCommitted();

describe('OrderReleased in the state', () => {
  it('HELD gives COMMITTED with the same lines and without an end', () => {
    expect(commit(aHeld(), [])).toEqual(aCommitted());
  });

  it('EXPIRED gives COMMITTED if there is stock again, from any warehouse that the order allows', () => {
    const inB = aLevel({ warehouseId: 'wh-b', warehouseCode: 'B' });
    expect(commit(anExpired(), [aLevel({ onHand: 3n }), inB])).toEqual({
      ...committed,
      version: 3n,
      lines: [aHeldLine({ warehouseId: 'wh-b' })],
    });
  });

  it('EXPIRED gives FAILED with what is short if there is not, one version on', () => {
    expect(commit(anExpired(), [aLevel({ onHand: 3n })])).toEqual({
      state: 'FAILED',
      reservationId: RESERVATION_ID,
      orderId: ORDER_ID,
      version: 3n,
      shortages: [{ sku: 'BOLT', wanted: 4n, available: 3n }],
    });
  });

  it('EXPIRED takes a line that names a warehouse from there only', () => {
    const lines = [aHeldLine({ anyWarehouse: false })];
    const inB = aLevel({ warehouseId: 'wh-b', warehouseCode: 'B' });
    expect(commit(anExpired({ lines }), [inB])).toMatchObject({ state: 'FAILED' });
    expect(commit(anExpired({ lines }), [aLevel(), inB])).toMatchObject({ state: 'COMMITTED', lines });
  });

  it.each([aCommitted(), aClosed(), aReleased(), aFailed()])('$state stays', (reservation) => {
    expect(commit(reservation, [aLevel()])).toBeUndefined();
  });
});

describe('OrderCancelled or OrderCancellationRequested in the state', () => {
  it.each([aHeld(), aCommitted(aHeldLine({ shipped: 1n }))])('$state gives RELEASED, one version on', (before) => {
    const { reservationId, orderId, lines, version } = before;
    expect(release(before)).toEqual({
      state: 'RELEASED',
      reservationId,
      orderId,
      lines,
      version: version + 1n,
    });
  });

  it.each([aClosed(), aReleased(), anExpired(), aFailed()])('$state stays', (reservation) => {
    expect(release(reservation)).toBeUndefined();
  });
});

describe('the answer to a cancellation in the state', () => {
  const told = (before: Parameters<typeof acknowledge>[0]) => acknowledge(before, before && release(before));
  const some = [
    aHeldLine({ shipped: 1n }),
    aHeldLine({ lineId: 'line-2' }),
    aHeldLine({ lineId: 'line-3', shipped: 4n }),
  ];

  it('HELD names everything as released', () => {
    expect(told(aHeld())).toEqual({ released: [{ lineId: 'line-1', qty: 4n }], shipped: [] });
  });

  it('COMMITTED names what was open as released, and what had left as shipped', () => {
    expect(told(aCommitted(...some))).toEqual({
      released: [
        { lineId: 'line-1', qty: 3n },
        { lineId: 'line-2', qty: 4n },
      ],
      shipped: [
        { lineId: 'line-1', qty: 1n },
        { lineId: 'line-3', qty: 4n },
      ],
    });
  });

  it('CLOSED names everything as shipped', () => {
    expect(told(aClosed())).toEqual({ released: [], shipped: [{ lineId: 'line-1', qty: 4n }] });
  });

  it('RELEASED names what had left, and releases nothing again', () => {
    expect(told(aReleased(...some))).toMatchObject({ released: [], shipped: [{ qty: 1n }, { qty: 4n }] });
  });

  it.each([anExpired(), aFailed()])('$state names nothing', (before) => {
    expect(told(before)).toEqual({ released: [], shipped: [] });
  });

  it('unknown names nothing', () => expect(told(undefined)).toEqual({ released: [], shipped: [] }));
});

describe('the timer reservationExpiry in the state', () => {
  it('HELD gives EXPIRED, one version on', () => expect(expire(aHeld())).toEqual(anExpired()));

  it.each([aCommitted(), aClosed(), aReleased(), anExpired(), aFailed()])('$state stays', (reservation) => {
    expect(expire(reservation)).toBeUndefined();
  });
});
