import { randomUUID } from 'node:crypto';
import type { OnOrderReleased, OrderPlaced } from '@atlas/generated-inventory';
import { microsOf } from '@atlas/runtime/time';

/** A context as the plumbing would make it. */
export function aCtx(): OnOrderReleased.Input['ctx'] {
  return {
    now: new Date(),
    newId: () => randomUUID(),
    actor: { id: 'ops-1', roles: ['ops'] },
    correlationId: randomUUID(),
  };
}

/** The metadata of an event. No handler of Inventory reads it. */
export function aMeta(): OnOrderReleased.Input['meta'] {
  return {
    id: randomUUID(),
    type: 'atlas.orders.OrderPlaced',
    source: 'orders',
    time: new Date(),
    correlationId: randomUUID(),
    causationId: undefined,
    sequence: 1n,
    actorId: 'ops-1',
    topic: 'atlas.orders.order.v1',
    partition: 0,
    offset: 0n,
    attempt: 1,
  };
}

type Line = Partial<OrderPlaced['lines'][number]> & { readonly sku: string };

export function aPlacedOrder(lines: readonly Line[], orderId: string = randomUUID()): OrderPlaced {
  return {
    orderId,
    customerId: randomUUID(),
    requesterId: 'ops-1',
    lines: lines.map((line) => ({ lineId: randomUUID(), qty: 1n, warehouseId: null, ...line })),
    total: { amountMinor: 100n, currency: 'EUR' },
    digest: '0'.repeat(64),
    placedAt: microsOf(new Date()),
  };
}
