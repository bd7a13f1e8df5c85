import { expect, it } from 'vitest';
import type { SeenEvent } from '../topics/eventOf.ts';
import type { Journey } from './journey.ts';
import { verdict } from './verdict.ts';
import type { Walk } from './walk.ts';

const ORDER_ID = '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e11';
const AT = '2026-11-24T09:30:00.000Z';

const eventsOf = (correlationId: string, names: readonly string[]): readonly SeenEvent[] =>
  names.map((name, index) => ({
    id: `${correlationId}-${index}`,
    name,
    source: 'orders',
    time: new Date(AT),
    correlationId,
    sequence: index + 1,
    key: ORDER_ID,
    data: {},
  }));

function aJourney(correlationId: string, names: readonly string[], order: Partial<Journey['order']>): Journey {
  const money = { amountMinor: 100, currency: 'EUR' };
  return {
    correlationId,
    entries: [],
    events: eventsOf(correlationId, names),
    order: {
      orderId: ORDER_ID,
      state: 'PLACED',
      since: AT,
      customerId: ORDER_ID,
      requesterId: 'demo-ops',
      terms: 'PREPAID',
      taxRateBasisPoints: 1900,
      lines: [],
      net: money,
      tax: money,
      total: money,
      createdAt: AT,
      shipments: [],
      ...order,
    },
  };
}

const RESERVED = aJourney('c-1', ['OrderPlaced', 'StockReserved', 'OrderReserved'], { state: 'AWAITING_APPROVAL' });
const FAILED = aJourney('c-2', ['OrderPlaced', 'StockReservationFailed', 'OrderCancelled'], {
  state: 'CANCELLED',
  cancellation: {
    reason: 'INSUFFICIENT_STOCK',
    shortages: [{ sku: 'BOLT', wanted: 8, available: 6 }],
    cancelledAt: AT,
  },
});
const GOOD: Walk = {
  sku: 'BOLT',
  reserved: RESERVED,
  failed: FAILED,
  level: { sku: 'BOLT', warehouseId: ORDER_ID, onHand: 10, reserved: 4, available: 6 },
};

const broken = (change: Partial<Walk>): readonly boolean[] => verdict({ ...GOOD, ...change }).map(({ holds }) => holds);

it('the verdict on a walk as promised is good', () => {
  expect(broken({})).toEqual([true, true, true, true]);
});

it.each<[string, Partial<Walk>, number]>([
  ['an order that still waits', { reserved: { ...RESERVED, order: { ...RESERVED.order, state: 'PLACED' } } }, 0],
  ['stock held for the second order too', { level: { ...GOOD.level, reserved: 12 } }, 0],
  ['a second order that is not cancelled', { failed: { ...FAILED, order: { ...FAILED.order, state: 'PLACED' } } }, 1],
  ['a copy of an event', { reserved: { ...RESERVED, events: [...RESERVED.events, ...RESERVED.events.slice(2)] } }, 2],
  ['events out of order', { failed: { ...FAILED, events: FAILED.events.toReversed() } }, 2],
  ['a correlation id lost on the way', { failed: { ...FAILED, correlationId: 'c-3' } }, 3],
])('the verdict finds %s', (_what, change, at) => {
  expect(broken(change)).toEqual([0, 1, 2, 3].map((index) => index !== at));
});
