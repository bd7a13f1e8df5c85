import { describe, expect, it } from 'vitest';
import { NOW, ORDER_ID, aLevel, aShipment } from '../../test/samples.ts';
import { deliver } from './shipment.ts';
import { MAX_QUANTITY } from './stock.ts';
import { takeBack } from './takeBack.ts';

const shipment = aShipment();
const delivery = { warehouseId: 'wh-b', credit: true, reason: 'The wrong size', recordedBy: 'ops-1' };
const inB = aLevel({ warehouseId: 'wh-b', onHand: 2n, reserved: 1n });

function bring(
  lines: readonly (readonly [string, bigint])[],
  { of = shipment, to = inB }: { readonly of?: typeof shipment; readonly to?: typeof inB } = {},
) {
  let count = 0;
  const newId = () => `id-${(count += 1)}`;
  const what = { ...delivery, lines: lines.map(([lineId, qty]) => ({ lineId, qty })) };
  return takeBack(of, [to], what, { newId, now: NOW });
}

describe('a return', () => {
  it('of a part puts it into the warehouse that took it, where it is free', () => {
    expect(bring([['line-1', 3n]])).toEqual({
      ok: true,
      shipment: {
        ...shipment,
        version: 2n,
        lines: [{ lineId: 'line-1', sku: 'BOLT', qty: 4n, returned: 3n }, shipment.lines[1]],
      },
      goodsReturn: {
        ...delivery,
        returnId: 'id-1',
        shipmentId: shipment.shipmentId,
        orderId: ORDER_ID,
        lines: [{ lineId: 'line-1', sku: 'BOLT', qty: 3n }],
        recordedAt: NOW,
      },
      movements: [
        {
          movementId: 'id-2',
          sku: 'BOLT',
          warehouseId: 'wh-b',
          kind: 'RETURN',
          sourceId: 'id-1',
          delta: 3n,
          onHandAfter: 5n,
          reservedAfter: 1n,
          recordedAt: NOW,
        },
      ],
    });
  });

  it.each(['DISPATCHED', 'DELIVERED'] as const)('of everything makes a shipment that was %s RETURNED', (state) => {
    const all = [
      ['line-1', 4n],
      ['line-2', 2n],
    ] as const;
    expect(bring(all, { of: aShipment({ state }) })).toMatchObject({
      shipment: { state: 'RETURNED' },
      movements: [{ onHandAfter: 6n }, { onHandAfter: 8n }],
    });
  });

  it('of a part leaves a delivered shipment DELIVERED', () => {
    expect(bring([['line-1', 1n]], { of: aShipment({ state: 'DELIVERED' }) })).toMatchObject({
      shipment: { state: 'DELIVERED' },
    });
  });

  it.each([
    ['more comes back than left', [['line-1', 5n]], 409, 'quantity-not-shipped'],
    ['more comes back than has not come back yet', [['line-2', 3n]], 409, 'quantity-not-shipped'],
    ['a line did not leave with it', [['line-3', 1n]], 422, 'line-unknown'],
    [
      'a line is named twice',
      [
        ['line-1', 1n],
        ['line-1', 1n],
      ],
      422,
      'line-repeated',
    ],
  ] as const)('is refused if %s', (_what, lines, status, code) => {
    expect(bring(lines)).toMatchObject({ ok: false, status, problem: { code } });
  });

  it('is refused if more would be on hand than can be counted', () => {
    expect(bring([['line-1', 1n]], { to: { ...inB, onHand: MAX_QUANTITY } })).toMatchObject({
      ok: false,
      status: 422,
      problem: { code: 'stock-too-large' },
    });
  });
});

describe('a delivery of a shipment that is', () => {
  it('DISPATCHED makes it DELIVERED, one version on', () => {
    const delivered = { ...shipment, state: 'DELIVERED', version: 2n, deliveredAt: NOW };
    expect(deliver(shipment, NOW)).toEqual({ ok: true, shipment: delivered });
  });

  it.each(['DELIVERED', 'RETURNED'] as const)('%s is refused', (state) => {
    expect(deliver(aShipment({ state }), NOW)).toMatchObject({
      ok: false,
      status: 409,
      problem: { code: 'shipment-not-dispatched' },
    });
  });
});
