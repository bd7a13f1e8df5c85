import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { sql } from 'slonik';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Freshness } from '../src/reports/meta.ts';
import { reportsApp, type ReportsApp } from './reportsApp.ts';
import { ago, orderRow } from './tableRows.ts';

const FRESH = ['atlas.orders.order.v1', 'atlas.billing.invoice.v1'].map((topic) => ({ topic, asOf: new Date() }));

let app: ReportsApp;
/** The freshness that the next reports get. */
let freshness: Freshness = async () => FRESH;
beforeAll(async () => {
  app = await reportsApp(`reporting_reading_${process.pid}`, (db) => freshness(db));
});
afterAll(() => app.stop());

const search = (query: { readonly minVersion?: string; readonly requesterId?: string }) =>
  app.as(['ops']).searchOrders({ query });
const arrive = (key: string, sequence: number) =>
  app.database.asOwner(`INSERT INTO aggregate_version VALUES ('order', '${key}', ${sequence})
    ON CONFLICT (kind, key) DO UPDATE SET sequence = EXCLUDED.sequence`);

describe('a report that has to have a version', () => {
  it('has it, or a later one', async () => {
    const key = randomUUID();
    await arrive(key, 7);
    for (const minVersion of [`order/${key}@7`, `order/${key}@6`])
      expect(await search({ minVersion })).toMatchObject({ status: 200, body: { meta: { satisfied: true } } });
  });

  it('waits for it', async () => {
    const key = randomUUID();
    const asked = search({ minVersion: `order/${key}@2` });
    await arrive(key, 1);
    await arrive(key, 2);
    expect(await asked).toMatchObject({ status: 200, body: { meta: { satisfied: true } } });
  });

  it.each(['1', '9999999999999999999'])(
    'is returned without it if version %s does not arrive, and says so',
    async (sequence) => {
      const answer = await search({ minVersion: `order/${randomUUID()}@${sequence}` });
      expect(answer).toMatchObject({ status: 200, body: { meta: { satisfied: false } } });
    },
  );

  it('does not say whether it has a version if none was requested', async () => {
    const answer = await search({});
    expect(answer).toMatchObject({ status: 200, body: { meta: { stale: false, sources: { length: 2 } } } });
    expect(answer).not.toHaveProperty('body.meta.satisfied');
  });

  it('ends its wait if the client leaves', async () => {
    const request = `GET /v1/reports/orders?minVersion=order/${randomUUID()}@1 HTTP/1.1`;
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
    socket.end(`${request}\r\nHost: a\r\nAuthorization: Bearer sam.ops\r\n\r\n`);
    // a finished report would be logged as a success
    await expect.poll(() => app.refused).toMatchObject([{ operation: 'searchOrders', status: 400 }]);
    expect(app.errors).toEqual([]);
  });

  it('does not delay requests without a version, however many others wait', async () => {
    const waiting = Array.from({ length: 30 }, async () => {
      await search({ minVersion: `order/${randomUUID()}@1` });
      return 'one that waits';
    });
    const other = search({}).then(() => 'the other one');
    expect(await Promise.race([...waiting, other])).toBe('the other one');
    await Promise.all(waiting);
  });
});

describe('a report', () => {
  it('has its rows and their freshness from one state of the database', async () => {
    const requester_id = `ops-${randomUUID()}`;
    freshness = async (db) => {
      await db.query(sql.unsafe`SELECT FROM order_summary LIMIT 1`);
      await app.insert('order_summary', orderRow({ requester_id }));
      return FRESH;
    };
    expect(await search({ requesterId: requester_id })).toMatchObject({ status: 200, body: { items: [] } });
    freshness = async () => FRESH;
    expect(await search({ requesterId: requester_id })).toMatchObject({ status: 200, body: { items: { length: 1 } } });
  });

  it('says how old it is, and that this is too old', async () => {
    const [orders, ...others] = FRESH;
    freshness = async () => [{ topic: orders?.topic ?? '', asOf: new Date(ago(120)) }, ...others];
    const answer = await search({});
    freshness = async () => FRESH;
    if (answer.status !== 200) throw new Error(JSON.stringify(answer));
    expect(answer.body.meta.stale).toBe(true);
    expect(Math.round(answer.body.meta.lagSeconds / 10)).toBe(12);
  });

  it('that takes too long is given up, and says when to ask again', async () => {
    freshness = async (db) => {
      await db.query(sql.unsafe`SELECT pg_sleep(60)`);
      return FRESH;
    };
    const { status, headers, text } = await app.get('/v1/reports/orders');
    freshness = async () => FRESH;
    expect({ status, retryAfter: headers.get('retry-after'), body: JSON.parse(text) }).toMatchObject({
      status: 503,
      retryAfter: '1',
      body: { code: 'busy', detail: expect.stringContaining('took too long') },
    });
    expect(await search({})).toMatchObject({ status: 200 });
  });
});

describe('a browser', () => {
  it.each([
    ['/v1/reports/orders', 'Orders'],
    ['/v1/reports/sales-daily', 'Sales per day'],
    ['/v1/reports/receivables-aging', 'Receivables aging'],
    ['/v1/reports/stock-position', 'Stock position'],
    ['/v1/reports/approval-workload', 'Approval workload'],
    ['/v1/reports/saga-health', 'Saga health'],
  ])('gets %s as a page', async (path, title) => {
    const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
    const { status, headers, text } = await app.get(path, undefined, { accept });
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(text).toContain(`<h1>${title}</h1>`);
    expect(headers.get('atlas-as-of')).not.toBeNull();
  });

  it('gets a timeline as a page', async () => {
    const order = orderRow();
    await app.insert('order_summary', order);
    const { status, text } = await app.get(`/v1/reports/orders/${order.order_id}/timeline`, undefined, {
      accept: 'text/html',
    });
    expect(status).toBe(200);
    expect(text).toContain(order.order_id);
  });
});
