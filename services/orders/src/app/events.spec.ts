import { dateOfMicros } from '@atlas/runtime/time';
import { describe, expect, it } from 'vitest';
import { NOW, ORDER_ID, inEveryState, placement } from '../../test/samples.ts';
import { orderCancelled, orderPlaced, orderReserved } from './events.ts';

const orders = inEveryState();
const total = { amountMinor: 1470n, currency: 'EUR' };

describe('the events of an order', () => {
  it('OrderPlaced says what Inventory has to hold', () => {
    const event = orderPlaced(orders.PLACED);
    expect(event).toMatchObject({
      type: 'OrderPlaced',
      data: {
        orderId: ORDER_ID,
        requesterId: 'ops-1',
        lines: [{ sku: 'BOLT-M8', qty: 10n, warehouseId: null }],
        total,
        digest: placement.digest,
      },
    });
    expect(dateOfMicros(event.data.placedAt)).toEqual(NOW);
  });

  it('OrderReserved names the version and the digest to approve', () => {
    expect(orderReserved(orders.AWAITING_APPROVAL)).toEqual({
      type: 'OrderReserved',
      data: { orderId: ORDER_ID, orderVersion: 3n, digest: placement.digest, total, requesterId: 'ops-1' },
    });
  });

  it('OrderCancelled says why, but not what was short', () => {
    expect(orderCancelled(orders.CANCELLED)).toEqual({
      type: 'OrderCancelled',
      data: { orderId: ORDER_ID, orderVersion: 3n, reason: 'INSUFFICIENT_STOCK' },
    });
  });
});
