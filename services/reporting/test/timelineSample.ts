import type { BodyOf } from '../src/pages/index.ts';

type Entry = BodyOf<'getOrderTimeline'>['entries'][number];

type Step = readonly [
  service: string,
  type: string,
  summary: string,
  after: number,
  cause: number | undefined,
  more?: Partial<Entry>,
];

/** The cause of what Billing does after a webhook. It is an effect, which has no event. */
const OF_BILLING = { causedBy: 'effect-1' };

const STEPS: readonly Step[] = [
  [
    'orders',
    'OrderPlaced',
    'The order was placed with 3 lines.',
    0,
    undefined,
    {
      actorId: 'olga.ops',
      details: { total: '1,299.00 EUR', lines: '3', customer: '0199a001-0000-7000-8000-00000000c0de' },
    },
  ],
  [
    'inventory',
    'StockReserved',
    'All 3 lines are reserved until 3 Dec 2026.',
    0.21,
    1,
    { details: { reservation: '0199f3a2-6f0a-7c51-9b61-00000000004d', expires: '2026-12-03T09:12:04Z' } },
  ],
  ['orders', 'OrderReserved', 'The order waits for approval.', 0.18, 2],
  [
    'workflow',
    'ApprovalRequested',
    'An approval with 2 steps was requested.',
    0.34,
    3,
    { why: 'Policy "Large orders", version 4: totals of 1,000 EUR or more.' },
  ],
  [
    'workflow',
    'StepDecided',
    'Step 1 of 2 was approved.',
    3 * 3600 + 740,
    undefined,
    { actorId: 'anna.approver', why: 'Budget is there.' },
  ],
  [
    'workflow',
    'StepDecided',
    'Step 2 of 2 was approved.',
    2 * 86_400 + 11_520,
    undefined,
    { actorId: 'ben.deputy', onBehalfOf: 'carla.approver', why: 'Known customer.' },
  ],
  ['workflow', 'ApprovalGranted', 'The approval was granted.', 0, undefined],
  ['orders', 'OrderConfirmed', 'The order was confirmed: 1,545.81 EUR with tax.', 0.3, 7],
  [
    'billing',
    'InvoiceIssued',
    'Invoice INV-2026-000871 was issued.',
    0.41,
    8,
    { details: { number: 'INV-2026-000871', due: '2026-12-26' } },
  ],
  [
    'billing',
    'PaymentSucceeded',
    'A payment of 1,545.81 EUR arrived.',
    2640,
    undefined,
    { actorId: 'webhook', ...OF_BILLING },
  ],
  ['billing', 'InvoicePaid', 'The invoice is paid in full.', 0, undefined, { actorId: 'webhook', ...OF_BILLING }],
  ['orders', 'OrderReleased', 'The order may be shipped.', 0.22, 11],
  ['inventory', 'ShipmentDispatched', 'All 3 lines left warehouse EAST.', 19_800, undefined, { actorId: 'nina.ops' }],
  ['orders', 'OrderShipmentRecorded', 'The shipment was recorded.', 0.19, 13],
  ['orders', 'OrderFulfilled', 'The order is fulfilled.', 0.002, 13],
];

/** An order of two days from its placement to its fulfilment: 15 events of four services. */
export function timelineEntries(): readonly Entry[] {
  let at = Date.UTC(2026, 10, 23, 9, 12, 4, 310);
  return STEPS.map(([service, type, summary, after, cause, more], index) => {
    at += after * 1000;
    return {
      eventId: `event-${index + 1}`,
      service,
      type,
      summary,
      at: new Date(at).toISOString(),
      sequence: index + 1,
      afterSeconds: after,
      ...(cause === undefined
        ? {}
        : { causedBy: `event-${cause}`, why: `${STEPS[cause - 1]?.[1] ?? ''} was published.` }),
      ...more,
    };
  });
}
