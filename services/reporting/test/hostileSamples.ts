import { idOf, orderRow, ORDER_ID, samples, type Samples } from './pageSamples.ts';
import { timelineEntries } from './timelineSample.ts';

/** A text that ends elements, attributes and comments, runs scripts, and changes the writing direction. */
export const HOSTILE = `</title></style></script><script>alert(1)</script><img src=x onerror=alert(2)>"'--><svg/onload=alert(3)>\u202Ednim\u2066\u0007`;
/** One word without a place to break it, longer than any field of the contract allows. */
export const LONG = 'W'.repeat(10_000);

const name = `${HOSTILE} ${'x'.repeat(150)}`;

/** Every text of every report is hostile or longer than the contract allows. */
export const hostileSamples: Samples = {
  ...samples,
  searchOrders: {
    query: {
      ...samples.searchOrders.query,
      requesterId: HOSTILE,
      sku: '"><script>alert(4)</script>',
      minVersion: `order/${HOSTILE}@7`,
    },
    body: {
      meta: {
        ...samples.searchOrders.body.meta,
        satisfied: false,
        sources: [{ topic: HOSTILE, watermark: '2026-11-26T13:48:02Z' }],
      },
      items: Array.from({ length: 200 }, (_, number) => ({
        ...orderRow(number),
        requesterId: number === 0 ? LONG : name,
        invoiceNumber: HOSTILE.slice(0, 50),
        cancelReason: number === 1 ? LONG : HOSTILE,
      })),
      nextCursor: HOSTILE,
    },
  },
  getOrderTimeline: {
    query: {},
    body: {
      ...samples.getOrderTimeline.body,
      order: { ...orderRow(0), requesterId: name, invoiceNumber: HOSTILE, cancelReason: HOSTILE },
      services: ['orders', HOSTILE, LONG, '', ...Array.from({ length: 16 }, (_, lane) => `service-${lane}`)],
      waitsFor: HOSTILE + LONG,
      truncated: true,
      entries: Array.from({ length: 200 }, (_, at) => ({
        ...timelineEntries()[at % 15],
        eventId: `${HOSTILE}${at}`,
        service: [HOSTILE, LONG, 'orders', 'service-3', ''][at % 5] ?? '',
        type: at % 2 === 0 ? HOSTILE : LONG,
        summary: at % 2 === 0 ? LONG : name,
        // clocks of services may differ
        at: new Date(Date.UTC(2026, 10, 23) + ((at * 7919) % 900) * 60_000).toISOString(),
        sequence: 9007199254740991,
        afterSeconds: 1e9 + at / 7,
        actorId: at % 3 === 0 ? LONG : HOSTILE,
        onBehalfOf: HOSTILE,
        // the last ones cause the first ones
        causedBy: `${HOSTILE}${199 - at}`,
        why: at % 2 === 0 ? HOSTILE : LONG,
        details: Object.fromEntries(Array.from({ length: 30 }, (_, member) => [`${HOSTILE}${member}`, LONG])),
      })),
    },
  },
  getStockPosition: {
    query: { ...samples.getStockPosition.query, sku: HOSTILE },
    body: {
      ...samples.getStockPosition.body,
      items: Array.from({ length: 200 }, (_, number) => ({
        sku: 'W'.repeat(64),
        name: number === 0 ? LONG : HOSTILE,
        baseUnit: HOSTILE,
        warehouseId: idOf(number),
        onHand: 9007199254740991,
        reserved: number,
        free: number - 9007199254740991,
        belowReorderPoint: true,
        reorderPoint: 9007199254740991,
      })),
    },
  },
  getApprovalWorkload: {
    query: {},
    body: {
      ...samples.getApprovalWorkload.body,
      oldest: Array.from({ length: 50 }, (_, number) => ({
        approvalId: idOf(number),
        subjectType: 'ORDER' as const,
        subjectId: ORDER_ID,
        requesterId: number === 0 ? LONG : HOSTILE,
        requestedAt: '2026-11-22T08:03:11Z',
        dueAt: '2026-11-25T08:03:11Z',
        escalated: true,
      })),
      deciders: Array.from({ length: 200 }, (_, number) => ({
        actorId: number === 0 ? LONG : `${HOSTILE}${number}`,
        approved: 9007199254740991,
        rejected: 0,
        medianSeconds: 1e12,
      })),
    },
  },
  getSagaHealth: {
    query: { limit: 200 },
    body: {
      ...samples.getSagaHealth.body,
      stuck: Array.from({ length: 200 }, (_, number) => ({
        orderId: idOf(number),
        state: 'READY' as const,
        since: '0001-01-01T00:00:00Z',
        standsSeconds: 6e10,
        deadline: '9999-12-31T23:59:59.999999Z',
        overdueSeconds: 0,
        waitsFor: number === 0 ? LONG : HOSTILE,
        movedBy: HOSTILE,
      })),
    },
  },
};
