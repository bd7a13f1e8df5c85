import type { AwaitingApproval, Cancelled, Placed, Terms } from './order.ts';

export function orderPlaced({ terms, placement }: Placed) {
  return {
    type: 'OrderPlaced' as const,
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
      placedAt: micros(placement.placedAt),
    },
  };
}

export function orderReserved({ terms, version, placement }: AwaitingApproval) {
  return {
    type: 'OrderReserved' as const,
    data: {
      orderId: terms.orderId,
      orderVersion: version,
      digest: placement.digest,
      total: totalOf(terms),
      requesterId: terms.requesterId,
    },
  };
}

export function orderCancelled({ terms, version, cancellation }: Cancelled) {
  return {
    type: 'OrderCancelled' as const,
    data: { orderId: terms.orderId, orderVersion: version, reason: cancellation.reason },
  };
}

function totalOf({ total, currency }: Terms) {
  return { amountMinor: total, currency };
}

/** Microseconds since the epoch: Avro's timestamp-micros. */
function micros(instant: Date): bigint {
  return BigInt(instant.getTime()) * 1000n;
}
