import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportsApp, TRADER, type ReportsApp } from './reportsApp.ts';
import { ago, approvalRow, invoiceRow, orderRow, paymentRow } from './tableRows.ts';

let app: ReportsApp;
beforeAll(async () => {
  app = await reportsApp(`reporting_figures_${process.pid}`);
});
afterAll(() => app.stop());

function salesRow(day: string, currency: string, more: object = {}) {
  const zeros = {
    orders_placed: 0,
    placed_minor: 0,
    orders_cancelled: 0,
    cancelled_minor: 0,
    invoiced_minor: 0,
    credited_minor: 0,
    revenue_minor: 0,
    paid_minor: 0,
    refunded_minor: 0,
  };
  return { day, currency, ...zeros, ...more };
}

const client = () => app.as(TRADER);

/** The body of a 200. */
async function body<Body>(answer: Promise<{ readonly status: number; readonly body?: Body }>): Promise<Body> {
  const { status, body: given, ...rest } = await answer;
  if (status !== 200 || given === undefined) throw new Error(JSON.stringify({ status, ...rest }));
  return given;
}

describe('daily sales', () => {
  beforeAll(() =>
    app.insert(
      'sales_day',
      salesRow('2026-03-01', 'EUR', { orders_placed: 2, placed_minor: 2_500, paid_minor: 1_250 }),
      salesRow('2026-03-03', 'EUR', { orders_cancelled: 1, cancelled_minor: 1_250, refunded_minor: 1_250 }),
      salesRow('2026-03-03', 'JPY', { revenue_minor: 12, invoiced_minor: 13, credited_minor: 1 }),
    ),
  );

  it('have a row per day and currency, also for days without sales', async () => {
    const { from, to, days } = await body(client().getDailySales({ query: { from: '2026-03-01', to: '2026-03-03' } }));
    expect({ from, to }).toEqual({ from: '2026-03-01', to: '2026-03-03' });
    expect(days.map(({ day, currency }) => `${day} ${currency}`)).toEqual([
      '2026-03-01 EUR',
      '2026-03-01 JPY',
      '2026-03-02 EUR',
      '2026-03-02 JPY',
      '2026-03-03 EUR',
      '2026-03-03 JPY',
    ]);
    expect(days[0]).toMatchObject({ ordersPlaced: 2, placedMinor: 2_500, paidMinor: 1_250, revenueMinor: 0 });
    expect(days[4]).toMatchObject({ ordersCancelled: 1, cancelledMinor: 1_250, refundedMinor: 1_250 });
    expect(days[5]).toMatchObject({ invoicedMinor: 13, creditedMinor: 1, revenueMinor: 12 });
  });

  it('of one currency are zeros if it has no sales', async () => {
    const { days } = await body(
      client().getDailySales({ query: { from: '2026-03-01', to: '2026-03-02', currency: 'KWD' } }),
    );
    expect(days).toMatchObject([
      { day: '2026-03-01', currency: 'KWD', placedMinor: 0 },
      { day: '2026-03-02', currency: 'KWD', placedMinor: 0 },
    ]);
  });

  it('are those of the last 30 days unless days are given', async () => {
    const { from, to, days } = await body(client().getDailySales({ query: { currency: 'EUR' } }));
    expect(days).toHaveLength(30);
    expect([from, to]).toEqual([ago(29 * 86_400).slice(0, 10), ago(0).slice(0, 10)]);
    expect(await body(client().getDailySales({ query: { to: '2026-03-31' } }))).toMatchObject({ from: '2026-03-02' });
    expect(await body(client().getDailySales({ query: { to: '0001-01-03' } }))).toMatchObject({ from: '0001-01-01' });
  });

  it.each([
    ['end before they begin', { from: '2026-03-02', to: '2026-03-01' }, ['/query/from', '/query/to']],
    ['are more than a year', { from: '2025-01-01', to: '2026-03-01' }, ['/query/to']],
    ['begin long ago and end today', { from: '2001-01-01' }, ['/query/to']],
  ])('are refused if they %s', async (_what, query, pointers) => {
    expect(await client().getDailySales({ query })).toMatchObject({
      status: 400,
      problem: { code: 'filter-invalid', errors: pointers.map((pointer) => ({ pointer })) },
    });
  });

  it('are refused if there would be too many rows, rather than cut', async () => {
    const codes = Array.from({ length: 12 }, (_, n) => `X${String.fromCodePoint(65 + n)}X`);
    await app.insert('sales_day', ...codes.map((currency) => salesRow('2024-06-01', currency)));
    const query = { from: '2024-01-01', to: '2024-12-31' };
    expect(await client().getDailySales({ query })).toMatchObject({ status: 400, problem: { code: 'filter-invalid' } });
    expect(await body(client().getDailySales({ query: { ...query, currency: 'XAX' } }))).toMatchObject({
      days: { length: 366 },
    });
  });
});

describe('receivables aging', () => {
  const [one, two] = [randomUUID(), randomUUID()].sort();
  const order = (customer_id: string | undefined) => orderRow({ customer_id });

  beforeAll(async () => {
    const orders = [order(one), order(one), order(two), order(two), order(two), order(two), order(two)];
    await app.insert('order_summary', ...orders);
    const ids = orders.map(({ order_id }) => order_id);
    const invoice = (n: number, more: object) => invoiceRow(ids[n] ?? '', { total_minor: 1_000, ...more });
    const partly = invoice(1, { due_date: '2026-05-31' });
    const overpaid = invoice(5, { due_date: '2026-05-01', credited_minor: 600 });
    await app.insert(
      'order_invoice',
      invoice(0, { due_date: '2026-06-01' }),
      partly,
      invoice(2, { due_date: '2026-04-30' }),
      invoice(3, { due_date: '2026-01-01', credited_minor: 300 }),
      invoice(4, { due_date: '2026-01-01', credited_minor: 1_000 }),
      overpaid,
      invoice(6, { due_date: '2026-03-03', currency: 'JPY' }),
      { ...invoiceRow(randomUUID(), { due_date: '2026-04-01', total_minor: 50 }) },
      invoiceRow(randomUUID(), { due_date: '2020-01-01', paid_at: ago(5) }),
    );
    await app.insert(
      'payment',
      paymentRow({ invoice_id: partly.invoice_id, amount_minor: 400, unapplied_minor: 100 }),
      paymentRow({ invoice_id: overpaid.invoice_id, amount_minor: 600 }),
    );
  });

  it('add up open balances by how long they are overdue', async () => {
    const { asOf, customers, totals } = await body(client().getReceivablesAging({ query: { asOf: '2026-06-01' } }));
    expect(asOf).toBe('2026-06-01');
    expect(customers).toEqual([
      {
        customerId: one,
        buckets: {
          currency: 'EUR',
          invoices: 2,
          currentMinor: 1_000,
          days1To30Minor: 700,
          days31To60Minor: 0,
          days61To90Minor: 0,
          over90Minor: 0,
          totalMinor: 1_700,
        },
      },
      {
        customerId: two,
        buckets: expect.objectContaining({ currency: 'EUR', invoices: 2, days31To60Minor: 1_000, over90Minor: 700 }),
      },
      { customerId: two, buckets: expect.objectContaining({ currency: 'JPY', invoices: 1, days61To90Minor: 1_000 }) },
    ]);
    expect(totals).toMatchObject([
      { currency: 'EUR', invoices: 5, totalMinor: 3_450, days61To90Minor: 50 },
      { currency: 'JPY', invoices: 1, totalMinor: 1_000 },
    ]);
  });

  it('have the totals of all customers on each page', async () => {
    const first = await body(client().getReceivablesAging({ query: { asOf: '2026-06-01', limit: 2 } }));
    const { nextCursor: cursor = '' } = first;
    const second = await body(client().getReceivablesAging({ query: { asOf: '2026-06-01', limit: 2, cursor } }));
    expect(first.customers).toHaveLength(2);
    expect(second.customers).toMatchObject([{ customerId: two, buckets: { currency: 'JPY' } }]);
    expect(second.nextCursor).toBeUndefined();
    expect(second.totals).toEqual(first.totals);
  });

  it('keep to a currency', async () => {
    const { totals } = await body(client().getReceivablesAging({ query: { currency: 'JPY' } }));
    expect(totals).toMatchObject([{ currency: 'JPY', over90Minor: 1_000 }]);
  });
});

describe('stock position', () => {
  const [north, south] = ['00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002'];
  beforeAll(async () => {
    await app.insert('item', { sku: 'BOLT', name: '=1+1', base_unit: 'piece' });
    await app.insert(
      'stock_level',
      { sku: 'BOLT', warehouse_id: north, on_hand: 10, reorder_point: 4 },
      { sku: 'BOLT', warehouse_id: south, on_hand: 2, reorder_point: null },
      { sku: 'NUT', warehouse_id: north, on_hand: 5, reorder_point: 4 },
    );
    const line = (sku: string, warehouse_id: string, qty: number) => ({
      order_id: randomUUID(),
      line_id: randomUUID(),
      sku,
      warehouse_id,
      qty,
    });
    await app.insert('held_line', line('BOLT', north, 4), line('BOLT', north, 2), line('BOLT', south, 3));
  });

  it('tells what is on hand, reserved and free', async () => {
    const { items } = await body(client().getStockPosition({}));
    expect(items).toEqual([
      {
        sku: 'BOLT',
        name: '=1+1',
        baseUnit: 'piece',
        warehouseId: north,
        onHand: 10,
        reserved: 6,
        free: 4,
        belowReorderPoint: true,
        reorderPoint: 4,
      },
      {
        sku: 'BOLT',
        name: '=1+1',
        baseUnit: 'piece',
        warehouseId: south,
        onHand: 2,
        reserved: 3,
        free: -1,
        belowReorderPoint: false,
      },
      { sku: 'NUT', warehouseId: north, onHand: 5, reserved: 0, free: 5, belowReorderPoint: false, reorderPoint: 4 },
    ]);
  });

  it.each([
    ['an item', { sku: 'NUT' }, ['NUT 1']],
    ['a warehouse', { warehouseId: south }, ['BOLT 2']],
    ['what has fallen to its reorder point', { belowReorderPoint: true }, ['BOLT 1']],
  ])('keeps to %s', async (_what, query, expected) => {
    const { items } = await body(client().getStockPosition({ query }));
    expect(items.map(({ sku, warehouseId }) => `${sku} ${warehouseId.slice(-1)}`)).toEqual(expected);
  });

  it('gives each row once over all pages', async () => {
    const seen: string[] = [];
    for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
      const page = await body(
        client().getStockPosition({ query: { limit: 1, ...(cursor === undefined ? {} : { cursor }) } }),
      );
      seen.push(...page.items.map(({ sku, warehouseId }) => `${sku} ${warehouseId.slice(-1)}`));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(['BOLT 1', 'BOLT 2', 'NUT 1']);
  });
});

describe('approval workload', () => {
  it('tells what waits, and how long decisions take', async () => {
    const late = approvalRow({ due_at: ago(10), escalated: true, requested_at: ago(900) });
    const decided = approvalRow({ state: 'APPROVED', requested_at: ago(1_000), ended_at: ago(400) });
    const newer = approvalRow({ subject_type: 'UNSPECIFIED' });
    await app.insert('approval', late, approvalRow(), decided, newer);
    const decision = (approval_id: string, actor_id: string, decision: string, seconds: number) => ({
      approval_id,
      event_id: randomUUID(),
      actor_id,
      decision,
      decided_at: ago(seconds),
    });
    await app.insert(
      'approval_decision',
      decision(decided.approval_id, 'ann', 'APPROVE', 900),
      decision(decided.approval_id, 'ann', 'REJECT', 700),
      decision(decided.approval_id, 'ben', 'APPROVE', 500),
      decision(decided.approval_id, 'old', 'APPROVE', 40 * 86_400),
    );
    const { pending, oldest, deciders } = await body(app.as(['admin']).getApprovalWorkload({}));
    expect(pending).toMatchObject([
      { subjectType: 'ORDER', waiting: 2, overdue: 1, escalated: 1, oldestSince: late.requested_at },
      { subjectType: 'UNSPECIFIED', waiting: 1 },
    ]);
    expect(oldest.map(({ approvalId }) => approvalId)).toHaveLength(3);
    expect(oldest[0]).toEqual({
      approvalId: late.approval_id,
      subjectType: 'ORDER',
      subjectId: late.subject_id,
      requesterId: 'ops-1',
      requestedAt: late.requested_at,
      dueAt: late.due_at,
      escalated: true,
    });
    expect(deciders).toMatchObject([
      { actorId: 'ann', approved: 1, rejected: 1 },
      { actorId: 'ben', approved: 1, rejected: 0 },
    ]);
    expect(deciders.map(({ medianSeconds }) => Math.round(medianSeconds))).toEqual([200, 500]);
  });

  it('shows as many as the contract allows if more wait, or more people have decided', async () => {
    const { approval_id } = approvalRow();
    await app.insert('approval', ...Array.from({ length: 51 }, () => approvalRow({ approval_id: randomUUID() })));
    const decisions = Array.from({ length: 201 }, (_, n) => ({
      approval_id,
      event_id: randomUUID(),
      actor_id: `approver-${n}`,
      decision: 'APPROVE',
      decided_at: ago(60),
    }));
    await app.insert('approval', approvalRow({ approval_id, state: 'APPROVED', ended_at: ago(60) }));
    await app.insert('approval_decision', ...decisions);
    expect(await body(app.as(['admin']).getApprovalWorkload({}))).toMatchObject({
      oldest: { length: 50 },
      deciders: { length: 200 },
    });
  });
});
