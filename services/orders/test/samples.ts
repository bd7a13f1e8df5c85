import { draft, type NewLine, type NewOrder } from '../src/domain/draft.ts';
import { evolve } from '../src/domain/evolve.ts';
import type { Cancelled, Draft, Order } from '../src/domain/order.ts';

export const NOW = new Date('2026-11-24T09:30:00.000Z');
export const LATER = new Date('2026-11-25T09:30:00.000Z');
export const ORDER_ID = '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e11';
export const LINE_ID = '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e22';

export const placement = { placedAt: NOW, digest: 'a'.repeat(64) };
export const reservation = {
  reservationId: '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e33',
  expiresAt: new Date('2026-12-01T09:30:00.000Z'),
};
export const shortage = { sku: 'BOLT-M8', wanted: 10n, available: 4n };
export const confirmation = { approvalId: '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e55', auto: false, decidedAt: NOW };
export const invoice = {
  invoiceId: '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e66',
  number: 'INV-2026-000001',
  dueDate: '2026-11-24',
  paidAt: undefined,
};
export const request = { requestedBy: 'ops-2', requestedAt: NOW };

export function aLine(change: Partial<NewLine> = {}): NewLine {
  return {
    lineId: LINE_ID,
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
    payment: 'PREPAID',
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

type EveryState = { readonly [State in Exclude<Order['state'], 'CANCELLED'>]: Extract<Order, { state: State }> } & {
  readonly CANCELLED: Cancelled;
};

/** One order in every state, with 4 of its 10 pieces shipped in the states that have shipments. */
export function inEveryState(change: Partial<NewOrder> = {}, paid = true): EveryState {
  const order = aDraft(change);
  const placed = evolve.toPlaced(order, placement);
  const awaitingApproval = evolve.toAwaitingApproval(placed, reservation, NOW);
  const awaitingPayment = evolve.toAwaitingPayment(awaitingApproval, confirmation, NOW);
  const ready = evolve.toReady(
    evolve.withInvoice(awaitingPayment, invoice),
    { ...invoice, paidAt: paid ? NOW : undefined },
    NOW,
  );
  const shipped = evolve.toPartiallyFulfilled(ready, aShipment(ready.version + 1n), NOW);
  return {
    DRAFT: order,
    PLACED: placed,
    AWAITING_APPROVAL: awaitingApproval,
    AWAITING_PAYMENT: awaitingPayment,
    READY: ready,
    PARTIALLY_FULFILLED: shipped,
    CANCELLING: evolve.toCancelling(shipped, request),
    FULFILLED: evolve.toFulfilled(evolve.toCancelling(shipped, request), shipped.shipments, NOW),
    CANCELLED: evolve.toCancelled(placed, { reason: 'INSUFFICIENT_STOCK', shortages: [shortage], cancelledAt: NOW }),
  };
}

/** 4 of the 10 pieces of `aLine`, which cost 12.35. */
export function aShipment(orderVersion: bigint) {
  return {
    shipmentId: '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e77',
    warehouseId: '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e88',
    shippedAt: NOW,
    orderVersion,
    lines: [{ lineId: LINE_ID, qty: 4n, net: 494n }],
  };
}
