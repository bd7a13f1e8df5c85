import { draft, type NewLine, type NewOrder } from '../src/domain/draft.ts';
import { evolve, type Draft, type Order } from '../src/domain/order.ts';

export const NOW = new Date('2026-11-24T09:30:00.000Z');
export const ORDER_ID = '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e11';

export const placement = { placedAt: NOW, digest: 'a'.repeat(64) };
export const reservation = {
  reservationId: '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e33',
  expiresAt: new Date('2026-12-01T09:30:00.000Z'),
};
export const shortage = { sku: 'BOLT-M8', wanted: 10n, available: 4n };

export function aLine(change: Partial<NewLine> = {}): NewLine {
  return {
    lineId: '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e22',
    sku: 'BOLT-M8',
    qty: 10n,
    unitPrice: { preciseAmount: 12_345n, fractionDigits: 4 },
    warehouseId: undefined,
    ...change,
  };
}

export function anOrder(change: Partial<NewOrder> = {}): NewOrder {
  return {
    orderId: ORDER_ID,
    customerId: '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e44',
    requesterId: 'ops-1',
    currency: 'EUR',
    taxRateBasisPoints: 1900,
    lines: [aLine()],
    createdAt: NOW,
    ...change,
  };
}

export function aDraft(change: Partial<NewOrder> = {}): Draft {
  const drafted = draft(anOrder(change));
  if (!drafted.ok) throw new Error(drafted.problem.detail);
  return drafted.order;
}

/** One order in every state. */
export function inEveryState(): { readonly [State in Order['state']]: Extract<Order, { state: State }> } {
  const order = aDraft();
  const placed = evolve.toPlaced(order, placement);
  return {
    DRAFT: order,
    PLACED: placed,
    AWAITING_APPROVAL: evolve.toAwaitingApproval(placed, reservation),
    CANCELLED: evolve.toCancelled(placed, { reason: 'INSUFFICIENT_STOCK', shortages: [shortage], cancelledAt: NOW }),
  };
}
