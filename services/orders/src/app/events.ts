import type { OrderCancelledEvent, OrderPlacedEvent, OrderReservedEvent } from '@atlas/generated-orders';
import { microsOf } from '@atlas/runtime/time';
import type { AwaitingApproval, Cancelled, Placed, Terms } from '../domain/order.ts';

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
      total: totalOf(terms),
      digest: placement.digest,
      placedAt: microsOf(placement.placedAt),
    },
  };
}

export function orderReserved({ terms, version, placement }: AwaitingApproval): OrderReservedEvent {
  return {
    type: 'OrderReserved',
    data: {
      orderId: terms.orderId,
      orderVersion: version,
      digest: placement.digest,
      total: totalOf(terms),
      requesterId: terms.requesterId,
    },
  };
}

export function orderCancelled({ terms, version, cancellation }: Cancelled): OrderCancelledEvent {
  return {
    type: 'OrderCancelled',
    data: { orderId: terms.orderId, orderVersion: version, reason: cancellation.reason },
  };
}

function totalOf({ total, currency }: Terms): OrderPlacedEvent['data']['total'] {
  return { amountMinor: total, currency };
}
