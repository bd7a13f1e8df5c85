import { describe, expect, it } from 'vitest';
import { NOW, ORDER_ID, inEveryState, placement, reservation, shortage } from '../../test/samples.ts';
import { awaitApproval, cancelForShortage, place } from './decide.ts';

const orders = inEveryState();

describe('the state table', () => {
  it.each([
    { state: 'DRAFT', place: 'PLACED', reserved: undefined, failed: undefined },
    { state: 'PLACED', place: undefined, reserved: 'AWAITING_APPROVAL', failed: 'CANCELLED' },
    { state: 'AWAITING_APPROVAL', place: undefined, reserved: undefined, failed: undefined },
    { state: 'CANCELLED', place: undefined, reserved: undefined, failed: undefined },
  ] as const)('$state: place gives $place, StockReserved $reserved, StockReservationFailed $failed', (row) => {
    const order = orders[row.state];
    const placed = place(order, placement);
    expect(placed.ok ? placed.order.state : undefined).toBe(row.place);
    expect(awaitApproval(order, reservation)?.order.state).toBe(row.reserved);
    expect(cancelForShortage(order, [shortage], NOW)?.order.state).toBe(row.failed);
  });
});

describe('placing', () => {
  it('raises the version by one and tells Inventory what is wanted', () => {
    const placed = place(orders.DRAFT, placement);
    expect(placed).toMatchObject({ ok: true, order: { version: 2n, terms: orders.DRAFT.terms, placement } });
    expect(placed).toMatchObject({
      event: {
        type: 'OrderPlaced',
        data: {
          orderId: ORDER_ID,
          requesterId: 'ops-1',
          lines: [{ sku: 'BOLT-M8', qty: 10n, warehouseId: null }],
          total: { amountMinor: 1470n, currency: 'EUR' },
          digest: placement.digest,
          placedAt: BigInt(NOW.getTime()) * 1000n,
        },
      },
    });
  });

  it('says in which state an order is that can no longer be placed', () => {
    expect(place(orders.CANCELLED, placement)).toMatchObject({
      problem: { code: 'order-not-draft', detail: 'the order is CANCELLED' },
    });
  });
});

describe('the answer of Inventory', () => {
  it('held: approval is asked for this very version and digest', () => {
    expect(awaitApproval(orders.PLACED, reservation)).toMatchObject({
      order: { version: 3n, reservation },
      event: {
        type: 'OrderReserved',
        data: { orderVersion: 3n, digest: placement.digest, requesterId: 'ops-1', total: { amountMinor: 1470n } },
      },
    });
  });

  it('failed: the order keeps what was short, the event only the reason', () => {
    expect(cancelForShortage(orders.PLACED, [shortage], NOW)).toEqual({
      order: {
        ...orders.PLACED,
        state: 'CANCELLED',
        version: 3n,
        cancellation: { reason: 'INSUFFICIENT_STOCK', shortages: [shortage], cancelledAt: NOW },
      },
      event: {
        type: 'OrderCancelled',
        data: { orderId: ORDER_ID, orderVersion: 3n, reason: 'INSUFFICIENT_STOCK' },
      },
    });
  });
});
