import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportsApp, TRADER, type ReportsApp } from '../reportsApp.ts';
import { invoiceRow, orderRow } from '../tableRows.ts';

let app: ReportsApp;
beforeAll(async () => {
  app = await reportsApp(`reporting_search_${process.pid}`);
  await app.insert('order_summary', ...ORDERS);
  await app.insert('order_invoice', invoiceRow(idOf(3), { number: 'INV-3' }));
});
afterAll(() => app.stop());

const CUSTOMER = randomUUID();
const idOf = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;

/** Pairs of orders were placed in the same microsecond. */
const ORDERS = Array.from({ length: 10 }, (_, n) =>
  orderRow({
    order_id: idOf(n),
    state: n < 5 ? 'FULFILLED' : 'READY',
    customer_id: n % 2 === 0 ? CUSTOMER : randomUUID(),
    requester_id: n === 7 ? 'ops-7' : 'ops-1',
    currency: n === 9 ? 'JPY' : 'EUR',
    total_minor: 1_000 + (n % 4) * 100,
    skus: n === 4 ? ['NUT-M8', 'BOLT-M8'] : ['BOLT-M8'],
    placed_at: `2026-11-01T00:00:00.00000${Math.floor(n / 2)}Z`,
  }),
);

/** An order was placed at this instant, which `lt` rules out. */
const SAME_INSTANT = { 'placedAt[gte]': '2026-11-01T00:00:00.000002Z', 'placedAt[lt]': '2026-11-01T00:00:00.000002Z' };

type Query = NonNullable<NonNullable<Parameters<ReturnType<ReportsApp['as']>['searchOrders']>[0]>['query']>;

async function search(query: Query, roles: readonly string[] = TRADER) {
  const answer = await app.as(roles).searchOrders({ query });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer));
  return answer.body;
}

async function found(query: Query): Promise<readonly number[]> {
  return (await search(query)).items.map(({ orderId }) => Number(orderId.slice(-3)));
}

/** All pages, one after the other. */
async function paged(query: Query): Promise<readonly number[]> {
  const ids: number[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await search({ ...query, limit: 3, ...(cursor === undefined ? {} : { cursor }) });
    ids.push(...page.items.map(({ orderId }) => Number(orderId.slice(-3))));
    if (page.nextCursor === undefined) return ids;
    cursor = page.nextCursor;
  }
}

describe('a search', () => {
  it('gives the newest orders first', async () => {
    expect(await found({})).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  });

  it('shows an order with everything that is known about it', async () => {
    const { items } = await search({ 'placedAt[lt]': '2026-11-01T00:00:00.000002Z', limit: 1 });
    expect(items).toEqual([
      {
        orderId: idOf(3),
        state: 'FULFILLED',
        customerId: ORDERS[3]?.customer_id,
        requesterId: 'ops-1',
        total: { amountMinor: 1_300, currency: 'EUR' },
        lines: 1,
        invoiceNumber: 'INV-3',
        placedAt: '2026-11-01T00:00:00.000Z',
        stateSince: ORDERS[3]?.state_since,
      },
    ]);
  });

  it.each<[string, Query, readonly number[]]>([
    ['a state', { state: 'READY' }, [9, 8, 7, 6, 5]],
    ['a customer', { customerId: CUSTOMER }, [8, 6, 4, 2, 0]],
    ['a person', { requesterId: 'ops-7' }, [7]],
    ['an item', { sku: 'NUT-M8' }, [4]],
    ['a currency', { currency: 'JPY' }, [9]],
    ['a first instant', { 'placedAt[gte]': '2026-11-01T00:00:00.000004Z' }, [9, 8]],
    ['an instant with another offset', { 'placedAt[lt]': '2026-11-01T23:00:00+23:00' }, []],
    ['a least total', { 'total[gte]': 1_200, currency: 'EUR', state: 'READY' }, [7, 6]],
    ['a total below', { 'total[lt]': 1_100, currency: 'EUR' }, [8, 4, 0]],
    ['no instant, if both are the same', SAME_INSTANT, []],
    ['filters that no order meets', { state: 'CANCELLED', sku: 'NUT-M8' }, []],
  ])('keeps to %s', async (_what, query, ids) => {
    expect(await found(query)).toEqual(ids);
  });

  it.each<[string, Query, readonly number[]]>([
    ['-placedAt', {}, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]],
    ['placedAt', { sort: 'placedAt' }, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['-total', { sort: '-total', currency: 'EUR' }, [7, 3, 6, 2, 5, 1, 8, 4, 0]],
    ['total', { sort: 'total', currency: 'EUR' }, [0, 4, 8, 1, 5, 2, 6, 3, 7]],
  ])('by %s gives each order once over all pages, even orders with the same value', async (_what, query, ids) => {
    expect(await paged(query)).toEqual(ids);
  });
});

describe('an admin', () => {
  it.each(['customerId', 'total'])('does not see %s of an order', async (member) => {
    const { items } = await search({ limit: 1 }, ['admin']);
    expect(items[0]).toMatchObject({ orderId: idOf(9) });
    expect(items[0]).not.toHaveProperty(member);
  });

  it('who is also in ops sees everything', async () => {
    const { items } = await search({ limit: 1 }, ['admin', 'ops']);
    expect(items[0]).toMatchObject({ total: { amountMinor: 1_100, currency: 'JPY' } });
  });

  it.each<[string, Query]>([
    ['customerId', { customerId: CUSTOMER }],
    ['total[gte]', { 'total[gte]': 1, currency: 'EUR' }],
    ['total[lt]', { 'total[lt]': 1, currency: 'EUR' }],
    ['sort', { sort: '-total', currency: 'EUR' }],
  ])('may not use %s, which would reveal what is hidden', async (name, query) => {
    expect(await app.as(['admin']).searchOrders({ query })).toMatchObject({
      status: 403,
      problem: { code: 'filter-forbidden', errors: [{ pointer: `/query/${name}` }] },
    });
  });
});

describe('a search is refused', () => {
  it.each<[string, string, number, string, string]>([
    ['a filter that is not in the contract', 'colour=red', 400, 'validation-failed', '/query/colour'],
    ['a sort that is not in the contract', 'sort=requesterId', 400, 'validation-failed', '/query/sort'],
    [
      'an operator that is not in the contract',
      'placedAt[eq]=2026-11-01T00:00:00Z',
      400,
      'validation-failed',
      '/query/placedAt[eq]',
    ],
    ['a page of nothing', 'limit=0', 400, 'validation-failed', '/query/limit'],
    ['a page of 100,000', 'limit=100000', 400, 'validation-failed', '/query/limit'],
    ['a cursor that is not the text of a cursor', 'cursor=..%2F..%2Fetc', 400, 'validation-failed', '/query/cursor'],
    ['a cursor that was made up', 'cursor=bWFkZS11cA', 400, 'cursor-invalid', '/query/cursor'],
    ['a filter by total without currency', 'total[gte]=5', 400, 'filter-invalid', '/query/total[gte]'],
    ['a sort by total without currency', 'sort=total', 400, 'filter-invalid', '/query/sort'],
    ['a leap second', 'placedAt[gte]=2016-12-31T23:59:60Z', 400, 'filter-invalid', '/query/placedAt[gte]'],
    ['the year 0', 'placedAt[gte]=0000-01-01T00:00:00Z', 400, 'filter-invalid', '/query/placedAt[gte]'],
    ['a state of a draft', 'state=DRAFT', 400, 'validation-failed', '/query/state'],
    ['a zero byte', 'requesterId=a%00b', 400, 'validation-failed', '/query/requesterId'],
    [
      'a version of what it is not made of',
      'minVersion=stock/BOLT-M8:1@7',
      400,
      'min-version-foreign',
      '/query/minVersion',
    ],
  ])('if it has %s', async (_what, query, status, code, pointer) => {
    const { text, ...answer } = await app.get(`/v1/reports/orders?${query}`);
    expect({ ...answer, body: JSON.parse(text) }).toMatchObject({ status, body: { code, errors: [{ pointer }] } });
  });

  it.each<[string, Query, readonly string[]]>([
    [
      'instant',
      { 'placedAt[gte]': '2026-11-01T10:00:00+10:00', 'placedAt[lt]': '2026-10-31T23:59:59.9999Z' },
      ['/query/placedAt[gte]', '/query/placedAt[lt]'],
    ],
    ['total', { 'total[gte]': 2, 'total[lt]': 1, currency: 'EUR' }, ['/query/total[gte]', '/query/total[lt]']],
  ])('if its first %s is after its last one, by both names', async (_what, query, pointers) => {
    expect(await app.as(TRADER).searchOrders({ query })).toMatchObject({
      status: 400,
      problem: { code: 'filter-invalid', errors: pointers.map((pointer) => ({ pointer })) },
    });
  });

  it.each<[string, Query]>([
    ['filters', { limit: 3, state: 'READY' }],
    ['sort', { limit: 3, sort: 'placedAt' }],
  ])('if its cursor belongs to other %s', async (_what, query) => {
    const { nextCursor } = await search({ limit: 3 });
    expect(await app.as(TRADER).searchOrders({ query: { ...query, cursor: nextCursor ?? '' } })).toMatchObject({
      status: 400,
      problem: { code: 'cursor-invalid' },
    });
  });

  it.each([
    ['another list', '/v1/reports/saga-health?limit=3'],
    ['a list of other values', '/v1/reports/stock-position?limit=3'],
  ])('if its cursor is shown to %s', async (_what, path) => {
    const { nextCursor } = await search({ limit: 3 });
    const { status, text } = await app.get(`${path}&cursor=${nextCursor}`);
    expect({ status, body: JSON.parse(text) }).toMatchObject({ status: 400, body: { code: 'cursor-invalid' } });
  });

  it('if a value of its cursor does not have the form of its list', async () => {
    const { nextCursor = '' } = await search({ limit: 3 });
    const [digest, , id] = JSON.parse(Buffer.from(nextCursor, 'base64url').toString());
    for (const value of ["'; DROP TABLE order_summary", '2026-99-99T00:00:00.000000Z', '']) {
      const cursor = Buffer.from(JSON.stringify([digest, value, id])).toString('base64url');
      expect(await app.as(TRADER).searchOrders({ query: { limit: 3, cursor } })).toMatchObject({
        status: 400,
        problem: { code: 'cursor-invalid' },
      });
    }
  });

  it('goes on if the cursor’s page size differs', async () => {
    const { nextCursor = '' } = await search({ limit: 3 });
    expect(await found({ limit: 5, cursor: nextCursor })).toEqual([6, 5, 4, 3, 2]);
  });
});
