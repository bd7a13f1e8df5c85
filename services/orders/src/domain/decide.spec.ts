import { describe, expect, it } from 'vitest';
import { NOW, inEveryState, placement, reservation, shortage } from '../../test/samples.ts';
import { awaitApproval, cancelForExpiry, cancelForShortage, place } from './decide.ts';

const orders = inEveryState();

describe('the state table of an order', () => {
  it.each([
    { state: 'DRAFT', place: 'PLACED', reserved: undefined, failed: undefined, expired: undefined },
    { state: 'PLACED', place: undefined, reserved: 'AWAITING_APPROVAL', failed: 'CANCELLED', expired: undefined },
    { state: 'AWAITING_APPROVAL', place: undefined, reserved: undefined, failed: undefined, expired: 'CANCELLED' },
    { state: 'CANCELLED', place: undefined, reserved: undefined, failed: undefined, expired: undefined },
  ] as const)('$state: place gives $place, reserved $reserved, failed $failed, expired $expired', (row) => {
    const order = orders[row.state];
    const placed = place(order, placement);
    expect(placed.ok ? placed.order.state : undefined).toBe(row.place);
    expect(awaitApproval(order, reservation)?.state).toBe(row.reserved);
    expect(cancelForShortage(order, [shortage], NOW)?.state).toBe(row.failed);
    expect(cancelForExpiry(order, NOW)?.state).toBe(row.expired);
  });
});

describe('placing an order', () => {
  it('raises the version by one and fixes the terms', () => {
    expect(place(orders.DRAFT, placement)).toMatchObject({
      ok: true,
      order: { version: 2n, terms: orders.DRAFT.terms, placement },
    });
  });

  it('that is not a draft any more is refused, with its state', () => {
    expect(place(orders.CANCELLED, placement)).toMatchObject({
      problem: { code: 'order-not-draft', detail: 'the order is CANCELLED' },
    });
  });
});

describe('the answer of Inventory', () => {
  it('"held" makes the order wait for approval, with its reservation', () => {
    expect(awaitApproval(orders.PLACED, reservation)).toMatchObject({ version: 3n, reservation });
  });

  it('"failed" cancels the order, which keeps what was short', () => {
    expect(cancelForShortage(orders.PLACED, [shortage], NOW)).toEqual({
      ...orders.PLACED,
      state: 'CANCELLED',
      version: 3n,
      cancellation: { reason: 'INSUFFICIENT_STOCK', shortages: [shortage], cancelledAt: NOW },
    });
  });
});
