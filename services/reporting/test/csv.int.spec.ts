import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Freshness } from '../src/reports/meta.ts';
import { reportsApp, TRADER, type ReportsApp } from './reportsApp.ts';
import { ago, approvalRow, entryRow, invoiceRow, orderRow } from './tableRows.ts';

/** More rows than several chunks have. */
const MANY = 200_000;
const AS_OF = new Date('2026-11-01T10:00:00Z');
const CSV = { accept: 'text/csv' };

const freshness: Freshness = async () =>
  ['atlas.orders.order.v1', 'atlas.billing.invoice.v1'].map((topic) => ({ topic, asOf: AS_OF }));

let app: ReportsApp;
const order = orderRow({
  customer_id: '00000000-0000-7000-8000-000000000001',
  requester_id: '=cmd|calc',
  currency: 'JPY',
  total_minor: 1_250,
  cancel_reason: 'a "b", c',
  state: 'CANCELLED',
  placed_at: '2026-11-01T09:00:00Z',
  state_since: '2026-11-01T09:30:00Z',
});
beforeAll(async () => {
  app = await reportsApp(`reporting_csv_${process.pid}`, freshness);
  await app.insert('order_summary', order);
});
afterAll(() => app.stop());

const lines = (text: string): readonly string[] => text.split('\r\n').slice(0, -1);

describe('the file of a search', () => {
  it('is CSV with a line of names, amounts as decimals and harmless texts', async () => {
    const { status, headers, text } = await app.get('/v1/reports/orders?currency=JPY', TRADER, CSV);
    expect(status).toBe(200);
    expect(lines(text)).toEqual([
      'orderId,state,customerId,requesterId,total,currency,lines,invoiceNumber,cancelReason,placedAt,stateSince',
      `${order.order_id},CANCELLED,00000000-0000-7000-8000-000000000001,'=cmd|calc,1250,JPY,1,,"a ""b"", c",2026-11-01T09:00:00.000Z,2026-11-01T09:30:00.000Z`,
    ]);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="orders.csv"',
      'atlas-as-of': AS_OF.toISOString(),
      'atlas-stale': 'true',
      vary: expect.stringContaining('accept'),
    });
  });

  it('has no customer and no amount for an admin', async () => {
    const { text } = await app.get('/v1/reports/orders', ['admin'], CSV);
    expect(lines(text)[1]).toBe(
      `${order.order_id},CANCELLED,,'=cmd|calc,,,1,,"a ""b"", c",2026-11-01T09:00:00.000Z,2026-11-01T09:30:00.000Z`,
    );
  });

  it('says whether it has the version that was asked for', async () => {
    await app.insert('aggregate_version', { kind: 'order', key: order.order_id, sequence: 7 });
    const { headers } = await app.get(`/v1/reports/orders?minVersion=order/${order.order_id}@7`, TRADER, CSV);
    expect(headers.get('atlas-satisfied')).toBe('true');
  });

  it.each([
    ['a made-up cursor', 'cursor=bWFkZS11cA', 400, 'cursor-invalid'],
    ['a filter by total without currency', 'total[gte]=5', 400, 'filter-invalid'],
  ])('is a problem for %s', async (_what, query, status, code) => {
    const answer = await app.get(`/v1/reports/orders?${query}`, TRADER, CSV);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({ code });
  });

  it('is a problem in a form that nobody declared', async () => {
    const { status } = await app.get('/v1/reports/orders', TRADER, { accept: 'application/pdf' });
    expect(status).toBe(406);
  });
});

describe('the file of a search with very many orders', () => {
  beforeAll(async () => {
    await app.database.asOwner(`
      INSERT INTO order_summary
      SELECT gen_random_uuid(), 'FULFILLED', now(), gen_random_uuid(), 'ops-many', 'EUR', n, 1, '{BOLT-M8}', NULL, NULL,
        timestamptz '2020-01-01' + (n / 3) * interval '1 second', 1
      FROM generate_series(1, ${MANY}) AS n`);
    await app.database.asOwner('ANALYZE order_summary');
  });

  const PATH = '/v1/reports/orders?requesterId=ops-many';

  /** How many transactions read orders. */
  const reading = async (): Promise<unknown> => {
    const [row] = await app.database.asOwner(`
      SELECT count(*)::int AS n FROM pg_locks WHERE relation = 'order_summary'::regclass AND pid <> pg_backend_pid()`);
    return row?.['n'];
  };

  it('has each of them once, in order', async () => {
    const { text } = await app.get(`${PATH}&sort=placedAt&limit=1`, TRADER, CSV);
    const rows = lines(text)
      .slice(1)
      .map((line) => line.split(','));
    expect(new Set(rows.map(([id]) => id)).size).toBe(MANY);
    const times = rows.map((cells) => cells[9] ?? '');
    expect(times).toEqual(times.toSorted());
  });

  it('begins where a cursor says', async () => {
    const page = await app.as(TRADER).searchOrders({ query: { requesterId: 'ops-many', limit: 100 } });
    if (page.status !== 200) throw new Error(JSON.stringify(page));
    const { text } = await app.get(`${PATH}&cursor=${page.body.nextCursor}`, TRADER, CSV);
    expect(lines(text)).toHaveLength(1 + MANY - 100);
  });

  it('has only the rows that existed when it began', async () => {
    const late = orderRow({ requester_id: 'ops-many', placed_at: ago(-86_400) });
    const response = await fetch(`${app.url}${PATH}&sort=placedAt`, {
      headers: { ...CSV, authorization: `Bearer ${['sam', ...TRADER].join('.')}` },
    });
    await app.insert('order_summary', late);
    expect(await response.text()).not.toContain(late.order_id);
    await app.database.asOwner(`DELETE FROM order_summary WHERE order_id = '${late.order_id}'`);
  });

  it('gives its connection back when its reader leaves', async () => {
    const asked = request(app.url + PATH, {
      headers: { ...CSV, authorization: `Bearer ${['sam', ...TRADER].join('.')}` },
    });
    asked.end();
    const [answer] = await once(asked, 'response');
    await once(answer, 'readable');
    await expect.poll(reading).toBe(1);
    asked.destroy();
    await expect.poll(reading).toBe(0);
  });

  it('is given up without harm to others if nobody reads it: HEAD', async () => {
    const response = await fetch(app.url + PATH, {
      method: 'HEAD',
      headers: { ...CSV, authorization: `Bearer ${['sam', ...TRADER].join('.')}` },
    });
    expect(response.status).toBe(200);
    await expect.poll(reading).toBe(0);
  });
});

describe('the file of', () => {
  it.each<[string, string, readonly string[], () => Promise<void>, string]>([
    [
      'sales per day',
      '/v1/reports/sales-daily?from=2026-03-01&to=2026-03-01&currency=KWD',
      ['day,currency,ordersPlaced,placed,ordersCancelled,cancelled,invoiced,credited,revenue,paid,refunded'],
      async () => undefined,
      '2026-03-01,KWD,0,0.000,0,0.000,0.000,0.000,0.000,0.000,0.000',
    ],
    [
      'receivables',
      '/v1/reports/receivables-aging?asOf=2026-06-02',
      ['customerId,currency,invoices,current,days1To30,days31To60,days61To90,over90,total'],
      () => app.insert('order_invoice', invoiceRow(order.order_id, { due_date: '2026-06-01', total_minor: 1_000 })),
      '00000000-0000-7000-8000-000000000001,EUR,1,0.00,10.00,0.00,0.00,0.00,10.00',
    ],
    [
      'stock',
      '/v1/reports/stock-position',
      ['sku,name,baseUnit,warehouseId,onHand,reserved,free,reorderPoint,belowReorderPoint'],
      async () => {
        const warehouse_id = '00000000-0000-7000-8000-000000000002';
        await app.insert('item', { sku: 'NUT', name: '@nut', base_unit: 'piece' });
        await app.insert('stock_level', { sku: 'NUT', warehouse_id, on_hand: 1, reorder_point: 4 });
        await app.insert('held_line', {
          order_id: randomUUID(),
          line_id: randomUUID(),
          sku: 'NUT',
          warehouse_id,
          qty: 3,
        });
      },
      "NUT,'@nut,piece,00000000-0000-7000-8000-000000000002,1,3,-2,4,true",
    ],
    [
      'approvals that wait',
      '/v1/reports/approval-workload',
      ['approvalId,subjectType,subjectId,requesterId,requestedAt,dueAt,escalated'],
      () => {
        const id = '00000000-0000-7000-8000-000000000003';
        const times = { requested_at: '2026-11-01T09:00:00Z', due_at: '2026-11-02T09:00:00Z' };
        return app.insert('approval', approvalRow({ approval_id: id, subject_id: id, ...times }));
      },
      '00000000-0000-7000-8000-000000000003,ORDER,00000000-0000-7000-8000-000000000003,ops-1,2026-11-01T09:00:00.000Z,2026-11-02T09:00:00.000Z,false',
    ],
  ])('%s has its columns', async (_what, path, header, fill, row) => {
    await fill();
    const { text } = await app.get(path, [...TRADER], CSV);
    expect(lines(text)).toEqual([...header, row]);
  });

  it('saga health has its columns', async () => {
    const stuck = orderRow({ state: 'READY', state_since: ago(86_400 * 10) });
    await app.insert('order_summary', stuck);
    const { text } = await app.get('/v1/reports/saga-health', ['ops'], CSV);
    expect(lines(text)[0]).toBe('orderId,state,since,standsSeconds,deadline,overdueSeconds,waitsFor,movedBy');
    expect(lines(text)[1]).toMatch(
      new RegExp(`^${stuck.order_id},READY,.*,Somebody has to dispatch a shipment\\.,dispatchShipment by ops; `),
    );
  });

  it('a timeline has its columns', async () => {
    const entry = entryRow(order.order_id, 'RefundFailed', {
      event_id: 'e-1',
      topic: 'atlas.billing.payment.v1',
      occurred_at: '2026-11-01T09:00:00Z',
      data: { orderId: order.order_id, reason: '-1', amount: { amountMinor: 5, currency: 'EUR' } },
    });
    await app.insert('timeline_entry', entry);
    const { text } = await app.get(`/v1/reports/orders/${order.order_id}/timeline`, TRADER, CSV);
    expect(lines(text)).toEqual([
      'eventId,service,type,summary,at,sequence,actorId,onBehalfOf,causedBy,why,afterSeconds,details',
      `e-1,billing,RefundFailed,"Money could not be paid back, and somebody has to look at it.",2026-11-01T09:00:00.000Z,1,ops-1,,,'-1,0,amount: 0.05 EUR; reason: -1`,
    ]);
  });
});
