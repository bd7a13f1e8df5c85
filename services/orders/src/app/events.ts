import type {
  OrderCancellationRequestedEvent,
  OrderCancelledEvent,
  OrderConfirmedEvent,
  OrderFulfilledEvent,
  OrderPlacedEvent,
  OrderReleasedEvent,
  OrderReservedEvent,
  OrderShipmentRecordedEvent,
} from '@atlas/generated-orders';
import { microsOf } from '@atlas/runtime/time';
import { sum } from '../domain/money.ts';
import type {
  AwaitingApproval,
  AwaitingPayment,
  Cancelled,
  Cancelling,
  Fulfilled,
  Order,
  Placed,
  Shipment,
  Terms,
} from '../domain/order.ts';
import { cancelledParts } from '../domain/quantities.ts';

/** What other services learn about an order, in the words of the contract. */

export function orderPlaced({ terms, placement }: Placed): OrderPlacedEvent {
  return {
    type: 'OrderPlaced',
    data: {
      orderId: terms.orderId,
      customerId: terms.customerId,
      requesterId: terms.requesterId,
      lines: terms.lines.map(({ lineId, sku, qty, warehouseId }) => ({
        lineId,
        sku,
        qty,
        warehouseId: warehouseId ?? null,
      })),
      total: moneyIn(terms)(terms.total),
      digest: placement.digest,
      placedAt: microsOf(placement.placedAt),
    },
  };
}

export function orderReserved({ terms, version, placement }: AwaitingApproval): OrderReservedEvent {
  const money = moneyIn(terms);
  return {
    type: 'OrderReserved',
    data: {
      orderId: terms.orderId,
      orderVersion: version,
      digest: placement.digest,
      total: money(terms.total),
      requesterId: terms.requesterId,
      lines: terms.lines.map(({ lineId, sku, qty, unitPrice, net, tax }) => ({
        lineId,
        sku,
        qty,
        unitPrice,
        net: money(net),
        tax: money(tax),
      })),
    },
  };
}

export function orderConfirmed({ terms, version, since }: AwaitingPayment): OrderConfirmedEvent {
  const money = moneyIn(terms);
  return {
    type: 'OrderConfirmed',
    data: {
      orderId: terms.orderId,
      orderVersion: version,
      customerId: terms.customerId,
      lines: terms.lines.map(({ lineId, sku, qty, net, tax }) => ({
        lineId,
        sku,
        qty,
        net: money(net),
        tax: money(tax),
      })),
      taxRateBasisPoints: terms.taxRateBasisPoints,
      net: money(terms.net),
      tax: money(terms.tax),
      total: money(terms.total),
      terms: terms.payment,
      requesterId: terms.requesterId,
      confirmedAt: microsOf(since),
    },
  };
}

/** For an order that has just become READY. */
export function orderReleased({ terms, version, since }: Order): OrderReleasedEvent {
  return {
    type: 'OrderReleased',
    data: { orderId: terms.orderId, orderVersion: version, releasedAt: microsOf(since) },
  };
}

export function orderShipmentRecorded({ terms, version }: Order, shipment: Shipment): OrderShipmentRecordedEvent {
  const money = moneyIn(terms);
  return {
    type: 'OrderShipmentRecorded',
    data: {
      orderId: terms.orderId,
      orderVersion: version,
      shipmentId: shipment.shipmentId,
      lines: shipment.lines.map(({ lineId, qty, net }) => ({ lineId, qty, net: money(net) })),
      net: money(sum(shipment.lines.map(({ net }) => net))),
      shippedAt: microsOf(shipment.shippedAt),
    },
  };
}

export function orderCancellationRequested({ terms, version, request }: Cancelling): OrderCancellationRequestedEvent {
  return {
    type: 'OrderCancellationRequested',
    data: { orderId: terms.orderId, orderVersion: version, requestedAt: microsOf(request.requestedAt) },
  };
}

export function orderCancelled({ terms, version, cancellation }: Cancelled): OrderCancelledEvent {
  return {
    type: 'OrderCancelled',
    data: { orderId: terms.orderId, orderVersion: version, reason: cancellation.reason },
  };
}

export function orderFulfilled(order: Fulfilled): OrderFulfilledEvent {
  const money = moneyIn(order.terms);
  return {
    type: 'OrderFulfilled',
    data: {
      orderId: order.terms.orderId,
      orderVersion: order.version,
      cancelledLines: cancelledParts(order).map(({ lineId, qty, net, tax }) => ({
        lineId,
        qty,
        net: money(net),
        tax: money(tax),
      })),
      fulfilledAt: microsOf(order.since),
    },
  };
}

function moneyIn({ currency }: Terms): (amount: bigint) => OrderPlacedEvent['data']['total'] {
  return (amountMinor) => ({ amountMinor, currency });
}
