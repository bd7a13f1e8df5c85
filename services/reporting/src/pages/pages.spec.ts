import { contract } from '@atlas/generated-reporting';
import { describe, expect, it } from 'vitest';
import { drawn, EVERYBODY } from '../../test/drawn.ts';
import { hostileSamples, LONG } from '../../test/hostileSamples.ts';
import { FRESH, salesDays, samples, type Samples } from '../../test/pageSamples.ts';
import { AGING_FILTERS } from './aging.ts';
import { pages } from './index.ts';
import { ORDER_FILTERS } from './orders.ts';
import { REPORTS } from './report.ts';
import { HEALTH_FILTERS } from './sagaHealth.ts';
import { SALES_FILTERS } from './sales.ts';
import { STOCK_FILTERS } from './stock.ts';
import { CONTENT_SECURITY_POLICY, STYLE } from './style.ts';

const usual = drawn(samples);
const hostile = drawn(hostileSamples);

function navigationOf(...roles: readonly string[]): readonly string[] {
  const nav = /<nav[^]*?<\/nav>/.exec(drawn(samples, { roles }).searchOrders)?.[0] ?? '';
  return [...nav.matchAll(/href="([^"]*)"/g)].map(([, href]) => href ?? '');
}

describe('every page', () => {
  it('is a complete document with a language and a title', () => {
    for (const id of REPORTS) {
      expect(usual[id]).toMatch(
        /^<!doctype html>\n<html lang="en">[^]*<title>[^<]+ · Atlas reports<\/title>[^]*<\/html>$/,
      );
    }
  });

  it('has the style that its policy allows, and no other style, script or address', () => {
    expect(STYLE).not.toMatch(/[&<>"']/);
    for (const id of REPORTS) {
      const document = usual[id];
      expect(document.match(/<style/g)).toHaveLength(1);
      expect(document).toContain(`<style>${STYLE}</style>`);
      expect(document).not.toMatch(/<script| style="| on[a-z]+="|https?:/);
      expect(document.replaceAll('&#39;', "'")).toContain(`content="${CONTENT_SECURITY_POLICY}"`);
    }
  });

  it('puts every attribute in quotes, so that an escaped text cannot end it', () => {
    for (const id of REPORTS) {
      const values = usual[id].replace(STYLE, '').replaceAll(/"[^"]*"/g, '""');
      expect(values.match(/<[^>]*=(?!"")[^>]*>/)?.[0], id).toBeUndefined();
    }
  });

  it('has no id twice', () => {
    for (const id of REPORTS) {
      const ids = [...hostile[id].matchAll(/ id="([^"]*)"/g)].map(([, found]) => found);
      expect(new Set(ids).size, id).toBe(ids.length);
    }
  });

  it('has no element from a hostile text', () => {
    for (const id of REPORTS) {
      const document = hostile[id];
      expect(document, id).not.toMatch(/<(script|img|svg\/|iframe)/i);
      expect(document, id).not.toMatch(/[\u202E\u2066\u0007]/);
      expect(document, id).not.toContain(LONG.slice(0, 1000));
    }
  });

  it('has a limited size, however much the report has', () => {
    for (const id of REPORTS) expect(hostile[id].length, id).toBeLessThan(1_500_000);
  });

  it('says what would be there if the report is empty', () => {
    const empty: Samples = {
      searchOrders: { ...samples.searchOrders, body: { meta: FRESH, items: [] } },
      getOrderTimeline: { query: {}, body: { ...samples.getOrderTimeline.body, services: [], entries: [] } },
      getDailySales: { query: {}, body: { meta: FRESH, from: '2026-10-28', to: '2026-11-26', days: [] } },
      getReceivablesAging: {
        query: { limit: 50 },
        body: { meta: FRESH, asOf: '2026-11-26', totals: [], customers: [] },
      },
      getStockPosition: { ...samples.getStockPosition, body: { meta: FRESH, items: [] } },
      getApprovalWorkload: { query: {}, body: { meta: FRESH, pending: [], oldest: [], deciders: [] } },
      getSagaHealth: { query: { limit: 50 }, body: { meta: FRESH, states: [], stuck: [] } },
    };
    const documents = drawn(empty);
    for (const id of REPORTS) expect(documents[id], id).toMatch(/class="none"><p>[^]*\bappears? here/);
  });
});

describe('the freshness of a page', () => {
  it('is said in words if the report is stale', () => {
    const stale = { ...FRESH, stale: true, lagSeconds: 8183 };
    const document = pages.getApprovalWorkload({ ...samples.getApprovalWorkload.body, meta: stale }, {}, EVERYBODY);
    expect(document).toContain('This report is stale.');
    expect(document.replace(/\s+/g, ' ')).toContain('What happened in the last 2 h 16 min may be missing.');
  });

  it("says that the reader's own change is missing, and loads again", () => {
    const query = { minVersion: 'order/0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e11@7' };
    const body = { ...samples.getApprovalWorkload.body, meta: { ...FRESH, satisfied: false } };
    const document = pages.getApprovalWorkload(body, query, EVERYBODY);
    expect(document).toContain('Your change is not here yet.');
    expect(document).toContain(
      '<a href="/v1/reports/approval-workload?minVersion=order%2F0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e11%407">Reload</a>',
    );
  });
});

describe('the navigation', () => {
  it('has the pages that the contract allows the reader', () => {
    expect(navigationOf('ops')).toEqual([
      '/v1/reports/orders',
      '/v1/reports/saga-health',
      '/v1/reports/stock-position',
    ]);
    expect(navigationOf('finance')).toEqual([
      '/v1/reports/orders',
      '/v1/reports/sales-daily',
      '/v1/reports/receivables-aging',
      '/v1/reports/stock-position',
    ]);
    expect(navigationOf('approver')).toEqual(['/v1/reports/orders', '/v1/reports/approval-workload']);
    expect(navigationOf()).toEqual([]);
  });

  it('links no figure to a page that the reader may not open', () => {
    const aging = drawn(samples, { roles: [] }).getReceivablesAging;
    expect(aging).not.toContain('href="/v1/reports/orders');
  });
});

describe('the filters of a page', () => {
  it.each([
    ['searchOrders', ORDER_FILTERS],
    ['getDailySales', SALES_FILTERS],
    ['getReceivablesAging', AGING_FILTERS],
    ['getStockPosition', STOCK_FILTERS],
    ['getSagaHealth', HEALTH_FILTERS],
  ] as const)('of %s are those of the contract', (id, fields) => {
    const params = contract.operations.find((operation) => operation.id === id)?.params ?? [];
    const wanted = params.map(({ name }) => name).filter((name) => !['minVersion', 'cursor', 'limit'].includes(name));
    expect(fields.map(({ name }) => name).toSorted()).toEqual(wanted.toSorted());
    // a form sends its empty fields, too
    const refused = params.filter(({ name, allowEmpty }) => wanted.includes(name) && allowEmpty !== true);
    expect(refused).toEqual([]);
  });

  it('keep what was asked, and stay with the next page', () => {
    const { body } = samples.searchOrders;
    const query = {
      sort: 'total',
      limit: 20,
      state: 'READY',
      'placedAt[gte]': '2026-11-01T00:00:00Z',
      currency: 'EUR',
    } as const;
    const document = pages.searchOrders(body, query, EVERYBODY);
    expect(document).toContain('Filters (4 in use)');
    expect(document).toContain('<option value="READY" selected>');
    expect(document).toContain('value="2026-11-01T00:00:00Z"');
    const next = /rel="next" href="([^"]*)"/.exec(document)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(Object.fromEntries(new URL(next, 'http://any').searchParams)).toEqual({
      ...query,
      limit: '20',
      cursor: body.nextCursor,
    });
  });
});

describe('orders for those who see neither customers nor amounts', () => {
  it('have no columns for them', () => {
    const items = samples.searchOrders.body.items.map(({ total: _total, customerId: _customerId, ...row }) => row);
    const document = pages.searchOrders({ meta: FRESH, items }, samples.searchOrders.query, EVERYBODY);
    expect(document).not.toMatch(/<th scope="col"[^>]*>(Total|Customer)</);
  });
});

describe('a timeline', () => {
  it('shows no cause for an event if it does not have that cause, in the picture and in the table', () => {
    const { body, query } = samples.getOrderTimeline;
    const [first, second] = body.entries;
    if (first === undefined || second === undefined) throw new Error('there are not two entries');
    const { why: _, ...entry } = second;
    const shapes = (causedBy: string) => {
      const entries = [first, { ...entry, causedBy }];
      const document = pages.getOrderTimeline({ ...body, entries }, query, EVERYBODY);
      const row = document.slice(document.indexOf('id="e2"'));
      return [document.includes('<circle'), /Follows from No\. 1|A request, a webhook or a timer\./.exec(row)?.[0]];
    };
    expect(shapes(first.eventId)).toEqual([true, 'Follows from No. 1']);
    expect(shapes('elsewhere')).toEqual([false, 'A request, a webhook or a timer.']);
  });
});

describe('sales', () => {
  it('are drawn per month if there are too many days, and never with more than 366 bars', () => {
    const days = salesDays(new Date('2025-11-26'), 366, 'EUR', 412_350);
    const document = pages.getDailySales({ meta: FRESH, from: '2025-11-26', to: '2026-11-26', days }, {}, EVERYBODY);
    expect(document).toContain('Sales per month in EUR');
  });

  it('of more than four currencies are links', () => {
    const days = ['EUR', 'JPY', 'USD', 'GBP', 'CHF', 'KWD'].flatMap((currency, at) =>
      salesDays(new Date('2026-11-20'), 5, currency, 100_000).map((day) => ({ ...day, ordersPlaced: 10 - at })),
    );
    const document = pages.getDailySales({ meta: FRESH, from: '2026-11-20', to: '2026-11-24', days }, {}, EVERYBODY);
    expect(document.match(/<figure>/g)).toHaveLength(4);
    expect(document).toContain('href="/v1/reports/sales-daily?currency=KWD"');
  });
});
