import { dateOfMicros, microsOf } from '@atlas/runtime/time';
import { describe, expect, it } from 'vitest';
import { LINE_ID, NOW, ORDER_ID, aShipment, inEveryState, placement } from '../../test/samples.ts';
import {
  orderCancellationRequested,
  orderCancelled,
  orderConfirmed,
  orderFulfilled,
  orderPlaced,
  orderReleased,
  orderReserved,
  orderShipmentRecorded,
} from './events.ts';

const orders = inEveryState();
const euros = (amountMinor: bigint) => ({ amountMinor, currency: 'EUR' });
const total = euros(1470n);

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

  it('OrderReserved names the version and the digest to approve, and shows the lines', () => {
    expect(orderReserved(orders.AWAITING_APPROVAL)).toEqual({
      type: 'OrderReserved',
      data: {
        orderId: ORDER_ID,
        orderVersion: 3n,
        digest: placement.digest,
        total,
        requesterId: 'ops-1',
        lines: [
          {
            lineId: LINE_ID,
            sku: 'BOLT-M8',
            qty: 10n,
            unitPrice: orders.DRAFT.terms.lines[0]?.unitPrice,
            net: euros(1235n),
            tax: euros(235n),
          },
        ],
      },
    });
  });

  it('OrderConfirmed has all that an invoice needs', () => {
    expect(orderConfirmed(orders.AWAITING_PAYMENT)).toEqual({
      type: 'OrderConfirmed',
      data: {
        orderId: ORDER_ID,
        orderVersion: 4n,
        customerId: orders.DRAFT.terms.customerId,
        lines: [{ lineId: LINE_ID, sku: 'BOLT-M8', qty: 10n, net: euros(1235n), tax: euros(235n) }],
        taxRateBasisPoints: 1900,
        net: euros(1235n),
        tax: euros(235n),
        total,
        terms: 'PREPAID',
        requesterId: 'ops-1',
        confirmedAt: microsOf(NOW),
      },
    });
  });

  it('OrderReleased and OrderCancellationRequested say when', () => {
    expect(orderReleased(orders.READY).data).toEqual({
      orderId: ORDER_ID,
      orderVersion: 6n,
      releasedAt: microsOf(NOW),
    });
    expect(orderCancellationRequested(orders.CANCELLING).data).toEqual({
      orderId: ORDER_ID,
      orderVersion: 8n,
      requestedAt: microsOf(NOW),
    });
  });

  it('OrderShipmentRecorded has the revenue of each part and of the whole shipment', () => {
    const shipment = aShipment(7n);
    expect(orderShipmentRecorded(orders.PARTIALLY_FULFILLED, shipment)).toEqual({
      type: 'OrderShipmentRecorded',
      data: {
        orderId: ORDER_ID,
        orderVersion: 7n,
        shipmentId: shipment.shipmentId,
        lines: [{ lineId: LINE_ID, qty: 4n, net: euros(494n) }],
        net: euros(494n),
        shippedAt: microsOf(NOW),
      },
    });
  });

  it('OrderFulfilled has what was cancelled', () => {
    expect(orderFulfilled(orders.FULFILLED)).toEqual({
      type: 'OrderFulfilled',
      data: {
        orderId: ORDER_ID,
        orderVersion: 9n,
        cancelledLines: [{ lineId: LINE_ID, qty: 6n, net: euros(741n), tax: euros(141n) }],
        fulfilledAt: microsOf(NOW),
      },
    });
  });

  it('OrderCancelled says why, but not what was short', () => {
    expect(orderCancelled(orders.CANCELLED)).toEqual({
      type: 'OrderCancelled',
      data: { orderId: ORDER_ID, orderVersion: 3n, reason: 'INSUFFICIENT_STOCK' },
    });
  });
});
