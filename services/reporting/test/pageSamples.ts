import type { BodyOf, QueryOf, ReportId } from '../src/pages/index.ts';
import { timelineEntries } from './timelineSample.ts';

/** Bodies of reports on an ordinary day, and their queries. */
export type Samples = {
  readonly [Id in ReportId]: { readonly body: BodyOf<Id>; readonly query: QueryOf<Id> };
};

type OrderRow = BodyOf<'searchOrders'>['items'][number];

export const ORDER_ID = '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e11';
const CUSTOMER_ID = '0199a001-0000-7000-8000-00000000c0de';
const EAST = '0199a002-0000-7000-8000-00000000ea57';
const WEST = '0199a002-0000-7000-8000-0000000077e5';
const NINA = '6b1f0c2e-52d4-4d0c-9d0e-7f5a3a1f9b01';

export const FRESH = {
  asOf: '2026-11-26T13:48:02.120Z',
  lagSeconds: 1.4,
  stale: false,
  sources: [
    { topic: 'atlas.orders.order.v1', watermark: '2026-11-26T13:48:02.120Z' },
    { topic: 'atlas.billing.invoice.v1', watermark: '2026-11-26T13:48:03.010Z' },
  ],
};
const STALE = { ...FRESH, asOf: '2026-11-26T11:31:40.000Z', lagSeconds: 8183, stale: true };

/** A UUID that ends in the number. */
export function idOf(number: number): string {
  return `0199f3a2-6f0a-7c51-9b61-${number.toString(16).padStart(12, '0')}`;
}

const STATES = [
  'AWAITING_APPROVAL',
  'READY',
  'FULFILLED',
  'AWAITING_PAYMENT',
  'PARTIALLY_FULFILLED',
  'CANCELLED',
  'PLACED',
  'FULFILLED',
] as const;

export function orderRow(number: number): OrderRow {
  const state = STATES[number % STATES.length] ?? 'PLACED';
  const placedAt = new Date(Date.UTC(2026, 10, 26, 13, 40) - number * 2_760_000);
  return {
    orderId: number === 0 ? ORDER_ID : idOf(0x2f1d5a0c0000 + number * 7919),
    state,
    customerId: number % 3 === 0 ? CUSTOMER_ID : idOf(0xc0de00000000 + number),
    requesterId: number % 2 === 0 ? 'olga.ops' : NINA,
    total: { amountMinor: 129_900 + number * 73_411, currency: number % 4 === 3 ? 'JPY' : 'EUR' },
    lines: 1 + (number % 5),
    placedAt: placedAt.toISOString(),
    stateSince: new Date(placedAt.getTime() + 95_000).toISOString(),
    ...(state === 'FULFILLED' ? { invoiceNumber: `INV-2026-${String(900 - number).padStart(6, '0')}` } : {}),
    ...(state === 'CANCELLED' ? { cancelReason: 'APPROVAL_REJECTED' } : {}),
  };
}

export function salesDays(from: Date, days: number, currency: string, scale: number): BodyOf<'getDailySales'>['days'] {
  return Array.from({ length: days }, (_, at) => {
    const day = new Date(from.getTime() + at * 86_400_000);
    const isWeekend = day.getUTCDay() % 6 === 0;
    const placedMinor = isWeekend ? 0 : Math.round(scale * (3 + 2 * Math.sin(at / 3) + ((at * 37) % 11) / 5));
    return {
      day: day.toISOString().slice(0, 10),
      currency,
      ordersPlaced: isWeekend ? 0 : 4 + ((at * 13) % 9),
      placedMinor,
      ordersCancelled: at % 6 === 0 && !isWeekend ? 1 : 0,
      cancelledMinor: at % 6 === 0 ? Math.round(placedMinor / 9) : 0,
      invoicedMinor: Math.round(placedMinor * 0.9),
      creditedMinor: at % 9 === 0 ? Math.round(placedMinor / 20) : 0,
      revenueMinor: Math.round(placedMinor * (at % 4 === 0 ? 0.5 : 0.7)),
      paidMinor: Math.round(placedMinor * (0.5 + ((at * 7) % 5) / 10)),
      refundedMinor: at % 10 === 0 ? Math.round(placedMinor / 40) : 0,
    };
  });
}

export function buckets(currency: string, unit: number, parts: readonly [number, number, number, number, number]) {
  const [currentMinor, days1To30Minor, days31To60Minor, days61To90Minor, over90Minor] = [
    parts[0] * unit,
    parts[1] * unit,
    parts[2] * unit,
    parts[3] * unit,
    parts[4] * unit,
  ];
  return {
    currency,
    invoices: parts.filter((part) => part > 0).length * 3,
    currentMinor,
    days1To30Minor,
    days31To60Minor,
    days61To90Minor,
    over90Minor,
    totalMinor: currentMinor + days1To30Minor + days31To60Minor + days61To90Minor + over90Minor,
  };
}

export const samples: Samples = {
  searchOrders: {
    query: { sort: '-placedAt', limit: 12 },
    body: { meta: FRESH, items: Array.from({ length: 12 }, (_, number) => orderRow(number)), nextCursor: 'eyJ2IjoxfQ' },
  },
  getOrderTimeline: {
    query: {},
    body: {
      meta: FRESH,
      order: {
        ...orderRow(0),
        state: 'FULFILLED',
        stateSince: '2026-11-25T21:50:26.241Z',
        placedAt: '2026-11-23T09:12:04.310Z',
        lines: 3,
        invoiceNumber: 'INV-2026-000871',
      },
      services: ['orders', 'inventory', 'workflow', 'billing'],
      entries: timelineEntries(),
    },
  },
  getDailySales: {
    query: {},
    body: {
      meta: FRESH,
      from: '2026-10-28',
      to: '2026-11-26',
      days: [
        ...salesDays(new Date('2026-10-28'), 30, 'EUR', 412_350),
        ...salesDays(new Date('2026-10-28'), 30, 'JPY', 90_100),
      ],
    },
  },
  getReceivablesAging: {
    query: { limit: 50 },
    body: {
      meta: STALE,
      asOf: '2026-11-26',
      totals: [
        buckets('EUR', 21_417, [41, 22, 9, 6, 4]),
        buckets('JPY', 19_730, [12, 3, 0, 5, 0]),
        buckets('KWD', 31_009, [2, 0, 0, 0, 1]),
      ],
      customers: [
        { customerId: CUSTOMER_ID, buckets: buckets('EUR', 21_417, [20, 12, 5, 1, 4]) },
        { customerId: CUSTOMER_ID, buckets: buckets('JPY', 19_730, [12, 3, 0, 5, 0]) },
        { customerId: idOf(0xc0de01), buckets: buckets('EUR', 21_417, [21, 10, 4, 5, 0]) },
        { customerId: idOf(0xc0de02), buckets: buckets('KWD', 31_009, [2, 0, 0, 0, 1]) },
      ],
    },
  },
  getStockPosition: {
    query: { belowReorderPoint: false, limit: 50 },
    body: {
      meta: FRESH,
      items: [
        {
          sku: 'BOLT-M8',
          name: 'Bolt M8 × 40, zinc',
          baseUnit: 'piece',
          warehouseId: EAST,
          onHand: 4200,
          reserved: 950,
          free: 3250,
          belowReorderPoint: false,
          reorderPoint: 1000,
        },
        {
          sku: 'BOLT-M8',
          name: 'Bolt M8 × 40, zinc',
          baseUnit: 'piece',
          warehouseId: WEST,
          onHand: 310,
          reserved: 260,
          free: 50,
          belowReorderPoint: true,
          reorderPoint: 500,
        },
        {
          sku: 'FRAME-A',
          name: 'Frame A',
          baseUnit: 'piece',
          warehouseId: EAST,
          onHand: 84,
          reserved: 84,
          free: 0,
          belowReorderPoint: true,
          reorderPoint: 40,
        },
        {
          sku: 'GLASS-4MM',
          name: 'Float glass, 4 mm',
          baseUnit: 'cm²',
          warehouseId: EAST,
          onHand: 2600,
          reserved: 400,
          free: 2200,
          belowReorderPoint: false,
        },
        {
          sku: 'PAINT-RAL-9010',
          name: 'Paint, pure white',
          baseUnit: 'ml',
          warehouseId: WEST,
          onHand: 1500,
          reserved: 0,
          free: 1500,
          belowReorderPoint: false,
          reorderPoint: 1000,
        },
      ],
    },
  },
  getApprovalWorkload: {
    query: {},
    body: {
      meta: FRESH,
      pending: [
        { subjectType: 'ORDER', waiting: 14, overdue: 3, escalated: 2, oldestSince: '2026-11-22T08:03:11Z' },
        { subjectType: 'REFUND', waiting: 5, overdue: 0, escalated: 0, oldestSince: '2026-11-25T16:45:00Z' },
        { subjectType: 'ADJUSTMENT', waiting: 2, overdue: 1, escalated: 1, oldestSince: '2026-11-23T10:20:30Z' },
        { subjectType: 'JOURNAL', waiting: 0, overdue: 0, escalated: 0 },
      ],
      oldest: [
        {
          approvalId: idOf(501),
          subjectType: 'ORDER',
          subjectId: ORDER_ID,
          requesterId: 'olga.ops',
          requestedAt: '2026-11-22T08:03:11Z',
          dueAt: '2026-11-25T08:03:11Z',
          escalated: true,
        },
        {
          approvalId: idOf(502),
          subjectType: 'ADJUSTMENT',
          subjectId: idOf(9),
          requesterId: 'oskar.ops',
          requestedAt: '2026-11-23T10:20:30Z',
          dueAt: '2026-11-26T10:20:30Z',
          escalated: true,
        },
        {
          approvalId: idOf(503),
          subjectType: 'REFUND',
          subjectId: idOf(10),
          requesterId: 'fay.finance',
          requestedAt: '2026-11-25T16:45:00Z',
          dueAt: '2026-11-28T16:45:00Z',
          escalated: false,
        },
      ],
      deciders: [
        { actorId: 'anna.approver', approved: 61, rejected: 7, medianSeconds: 5430 },
        { actorId: 'ben.deputy', approved: 12, rejected: 1, medianSeconds: 31_200 },
        { actorId: NINA, approved: 3, rejected: 3, medianSeconds: 190_800 },
      ],
    },
  },
  getSagaHealth: {
    query: { limit: 50 },
    body: {
      meta: FRESH,
      states: [
        { state: 'PLACED', orders: 4, stuck: 0 },
        { state: 'AWAITING_APPROVAL', orders: 31, stuck: 6 },
        { state: 'AWAITING_PAYMENT', orders: 58, stuck: 9 },
        { state: 'READY', orders: 22, stuck: 1 },
        { state: 'PARTIALLY_FULFILLED', orders: 7, stuck: 0 },
        { state: 'CANCELLING', orders: 1, stuck: 1 },
      ],
      stuck: [
        {
          orderId: ORDER_ID,
          state: 'AWAITING_APPROVAL',
          since: '2026-11-22T08:03:10Z',
          standsSeconds: 366_292,
          deadline: '2026-11-25T08:03:11Z',
          overdueSeconds: 107_091,
          waitsFor: 'The decision of an approver about step 2 of 2.',
          movedBy: 'An approver decides (decideApproval), or an admin gives it to somebody else (reassignApproval).',
        },
        {
          orderId: idOf(0xabc123),
          state: 'CANCELLING',
          since: '2026-11-26T12:00:00Z',
          standsSeconds: 6482,
          deadline: '2026-11-26T12:10:00Z',
          overdueSeconds: 5882,
          waitsFor: 'Inventory, which says what was already shipped.',
          movedBy: 'The event ReservationReleased. If the key is parked, an operator releases it.',
        },
        {
          orderId: idOf(0xdef456),
          state: 'READY',
          since: '2026-11-19T09:30:00Z',
          standsSeconds: 620_282,
          deadline: '2026-11-26T09:30:00Z',
          overdueSeconds: 15_482,
          waitsFor: 'The warehouse, which has 2 lines to ship.',
          movedBy: 'Somebody of ops dispatches a shipment (dispatchShipment) or cancels the rest (cancelOrder).',
        },
      ],
      nextCursor: 'eyJ2IjoxfQ',
    },
  },
};
