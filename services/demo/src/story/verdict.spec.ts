import { expect, it } from 'vitest';
import type { SeenEvent } from '../topics/eventOf.ts';
import type { Saga } from './saga.ts';
import { type Judged, verdict } from './verdict.ts';

const AT = '2026-11-24T09:30:00.000Z';
const SHIPPED = [
  'OrderPlaced',
  'OrderReserved',
  'OrderConfirmed',
  'OrderReleased',
  'OrderShipmentRecorded',
  'OrderShipmentRecorded',
  'OrderFulfilled',
];
const CANCELLED = ['OrderPlaced', 'OrderReserved', 'OrderConfirmed', 'OrderCancelled'];

/** Events of Orders, and of Billing. */
function sagaOf(ofOrders: readonly string[], ofBilling: readonly string[] = []): Pick<Saga, 'events'> {
  const eventOf = (name: string, source: string): SeenEvent => {
    const time = new Date(AT);
    const about = { correlationId: 'c-1', sequence: 1, key: 'k', data: {} };
    return { id: `${source} ${name}`, name, source, topic: source, time, ...about };
  };
  const events = [
    ...ofOrders.map((name) => eventOf(name, 'orders')),
    ...ofBilling.map((name) => eventOf(name, 'billing')),
  ];
  return { events: () => events };
}

type ReportedStory = Judged['reported']['stories'][number];

function storyOf(orderId: string, state: ReportedStory['timeline']['order']['state']): ReportedStory {
  return { timeline: { order: { orderId, state } }, missing: [] };
}

const euros = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

const SEEN: Judged['shipped']['seen'] = {
  subject: {
    digest: 'd',
    order: {
      lines: [
        {
          lineId: 'l',
          sku: 'BOLT',
          qty: 120,
          unitPrice: { preciseAmount: 833, fractionDigits: 4 },
          net: euros(1_000),
          tax: euros(190),
        },
      ],
    },
  },
};

const GOOD: Judged = {
  shipped: {
    saga: sagaOf(SHIPPED),
    goods: { sku: 'BOLT' },
    order: { state: 'FULFILLED', digest: 'd' },
    seen: SEEN,
    invoice: {
      state: 'PAID',
      open: euros(0),
      net: euros(1_000),
      lines: [{ recognised: euros(1_000), creditedNet: euros(12_250) }],
    },
    level: { onHand: 80, reserved: 0 },
  },
  short: {
    saga: sagaOf(['OrderPlaced', 'OrderCancelled']),
    order: {
      state: 'CANCELLED',
      cancellation: {
        reason: 'INSUFFICIENT_STOCK',
        shortages: [{ sku: 'BOLT', wanted: 8, available: 6 }],
        cancelledAt: AT,
      },
    },
  },
  late: {
    saga: sagaOf(CANCELLED, ['RefundSucceeded']),
    order: { state: 'CANCELLED', cancellation: { reason: 'RESERVATION_EXPIRED', shortages: [], cancelledAt: AT } },
    invoice: { state: 'CREDITED' },
  },
  declined: {
    saga: sagaOf(CANCELLED),
    order: { state: 'CANCELLED', cancellation: { reason: 'PAYMENT_FAILED', shortages: [], cancelledAt: AT } },
    invoice: { state: 'CREDITED' },
    level: { onHand: 10, reserved: 0 },
  },
  balance: {
    accounts: [
      { account: 'BANK', currency: 'EUR', debit: '1190', credit: '0' },
      { account: 'REVENUE', currency: 'EUR', debit: '0', credit: '1190' },
    ],
  },
  reported: {
    stories: [
      storyOf('a', 'FULFILLED'),
      storyOf('b', 'CANCELLED'),
      storyOf('c', 'CANCELLED'),
      storyOf('d', 'CANCELLED'),
    ],
    health: { stuck: [{ orderId: 'of somebody else' }] },
    stock: [{ sku: 'BOLT', inventory: '80 on hand, 0 reserved', reporting: '80 on hand, 0 reserved' }],
  },
  broken: [],
};

const brokenPromises = (judged: Judged): readonly string[] =>
  verdict(judged).flatMap(({ holds, promise }) => (holds ? [] : [promise]));

const shipped = (change: Partial<Judged['shipped']>): Judged => ({ ...GOOD, shipped: { ...GOOD.shipped, ...change } });

it('the verdict is that all promises are kept', () => {
  expect(brokenPromises(GOOD)).toEqual([]);
});

it.each<[string, Judged, RegExp]>([
  [
    'an approval of something else',
    shipped({ seen: { subject: { ...SEEN.subject, digest: 'e' } } }),
    /approver decided/,
  ],
  ['an approver who saw no lines', shipped({ seen: { subject: { digest: 'd' } } }), /each line/],
  [
    'a timeline without an event',
    {
      ...GOOD,
      reported: {
        ...GOOD.reported,
        stories: GOOD.reported.stories.with(1, { ...storyOf('b', 'CANCELLED'), missing: ['A'] }),
      },
    },
    /tells each of these stories/,
  ],
  [
    'an order that stands still',
    { ...GOOD, reported: { ...GOOD.reported, health: { stuck: [{ orderId: 'c' }] } } },
    /stand still/,
  ],
  [
    'stock that Reporting counts as free',
    {
      ...GOOD,
      reported: {
        ...GOOD.reported,
        stock: [{ sku: 'BOLT', inventory: '10 on hand, 10 reserved', reporting: '10 on hand, 0 reserved' }],
      },
    },
    /stock of each warehouse/,
  ],
  ['what breaks an invariant', { ...GOOD, broken: ['O1: order a ends more than once'] }, /invariants/],
  ['an order that is not fulfilled', shipped({ order: { state: 'READY', digest: 'd' } }), /is fulfilled/],
  ['goods that are still held', shipped({ level: { onHand: 80, reserved: 1 } }), /warehouse/],
  ['an invoice that is not paid', shipped({ invoice: { ...GOOD.shipped.invoice, open: euros(1) } }), /is paid/],
  ['revenue that is missing', shipped({ invoice: { ...GOOD.shipped.invoice, net: euros(1_001) } }), /revenue/],
  [
    'a second order that is not cancelled',
    { ...GOOD, short: { ...GOOD.short, order: { state: 'PLACED' } } },
    /lack of stock/,
  ],
  ['late money that stayed', { ...GOOD, late: { ...GOOD.late, saga: sagaOf(CANCELLED) } }, /late money/],
  [
    'goods that a declined order holds',
    { ...GOOD, declined: { ...GOOD.declined, level: { onHand: 10, reserved: 10 } } },
    /declined/,
  ],
  ['a copy of an event', shipped({ saga: sagaOf([...SHIPPED, 'OrderFulfilled']) }), /in sequence/],
  ['events out of sequence', shipped({ saga: sagaOf(SHIPPED.toReversed()) }), /in sequence/],
  ['books that do not balance', { ...GOOD, balance: { accounts: GOOD.balance.accounts.slice(1) } }, /balance/],
])('the verdict finds %s', (_what, judged, promise) => {
  expect(brokenPromises(judged)).toEqual([expect.stringMatching(promise)]);
});
