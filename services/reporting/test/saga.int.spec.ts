import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportsApp, TRADER, type ReportsApp } from './reportsApp.ts';
import { ago, approvalRow, entryRow, invoiceRow, orderRow, paymentRow } from './tableRows.ts';

let app: ReportsApp;
beforeAll(async () => {
  app = await reportsApp(`reporting_saga_${process.pid}`);
});
afterAll(() => app.stop());

const HOUR = 3_600;
const DAY = 24 * HOUR;

const hold = (order_id: string, more: object = {}) => ({
  order_id,
  reservation_id: randomUUID(),
  state: 'HELD',
  expires_at: ago(-7 * DAY),
  last_shipped_at: null,
  ...more,
});

describe('saga health', () => {
  it('says which orders are in a state for too long, why, and what would move them', async () => {
    const order = (state: string, seconds: number) => orderRow({ state, state_since: ago(seconds) });
    const answered = order('PLACED', 2 * DAY);
    const late = order('AWAITING_APPROVAL', 3 * DAY);
    const unpaid = order('AWAITING_PAYMENT', 4 * DAY);
    const ready = order('READY', 5 * DAY);
    const unheld = order('READY', 2 * HOUR);
    const rest = order('PARTIALLY_FULFILLED', 10 * DAY);
    const asked = order('CANCELLING', HOUR);
    const fresh = [order('PLACED', 10), order('AWAITING_PAYMENT', 60), order('PARTIALLY_FULFILLED', 6 * DAY)];
    const waiting = order('AWAITING_APPROVAL', DAY);
    const ended = [order('FULFILLED', 90 * DAY), order('CANCELLED', 90 * DAY)];
    await app.insert('order_summary', answered, late, unpaid, ready, unheld, rest, asked, ...fresh, waiting, ...ended);
    await app.insert(
      'order_hold',
      hold(answered.order_id),
      hold(unpaid.order_id, { expires_at: ago(HOUR) }),
      hold(unheld.order_id, { state: 'EXPIRED', expires_at: ago(3 * HOUR) }),
      hold(rest.order_id, { last_shipped_at: ago(8 * DAY) }),
    );
    await app.insert('order_invoice', invoiceRow(unpaid.order_id, { number: 'INV-7' }));
    await app.insert(
      'approval',
      approvalRow({ subject_id: late.order_id, due_at: ago(2 * DAY), subject_version: 1, state: 'CANCELLED' }),
      approvalRow({ subject_id: late.order_id, due_at: ago(DAY), subject_version: 2 }),
      approvalRow({ subject_id: waiting.order_id }),
    );
    const answer = await app.as(['ops']).getSagaHealth({});
    if (answer.status !== 200) throw new Error(JSON.stringify(answer));
    expect(answer.body.states).toEqual([
      { state: 'PLACED', orders: 2, stuck: 1 },
      { state: 'AWAITING_APPROVAL', orders: 2, stuck: 1 },
      { state: 'AWAITING_PAYMENT', orders: 2, stuck: 1 },
      { state: 'READY', orders: 2, stuck: 2 },
      { state: 'PARTIALLY_FULFILLED', orders: 2, stuck: 1 },
      { state: 'CANCELLING', orders: 1, stuck: 1 },
    ]);
    expect(answer.body.stuck.map(({ orderId, waitsFor }) => [orderId, waitsFor])).toEqual([
      [rest.order_id, 'Somebody has to dispatch the rest, or to cancel the order, which cancels only the rest.'],
      [ready.order_id, 'Somebody has to dispatch a shipment.'],
      [unpaid.order_id, expect.stringMatching(/^The customer has to pay invoice INV-7 by \d+ \w+ 20.* UTC\.$/)],
      [late.order_id, expect.stringMatching(/^An approver has to decide by \d+ \w+ 20.* UTC\.$/)],
      [answered.order_id, 'Orders has to read what Inventory answered.'],
      [unheld.order_id, 'Inventory has to hold its stock once more, because the time of the hold was over.'],
      [asked.order_id, 'Inventory has to say what had left before it was asked.'],
    ]);
    const [first] = answer.body.stuck;
    expect(first).toMatchObject({
      since: rest.state_since,
      movedBy: 'dispatchShipment by ops; cancelOrder by ops or finance',
    });
    expect(Math.round((first?.overdueSeconds ?? 0) / HOUR)).toBe(24);
    expect(Math.round((first?.standsSeconds ?? 0) / HOUR)).toBe(240);
  });

  it('can be limited to a state, and has pages', async () => {
    const page = async (query: object) => {
      const answer = await app.as(['admin']).getSagaHealth({ query });
      if (answer.status !== 200) throw new Error(JSON.stringify(answer));
      return answer.body;
    };
    expect(await page({ state: 'READY' })).toMatchObject({
      states: [{ state: 'READY' }],
      stuck: [{ state: 'READY' }, { state: 'READY' }],
    });
    const first = await page({ limit: 4 });
    const second = await page({ limit: 4, cursor: first.nextCursor });
    expect([...first.stuck, ...second.stuck].map(({ state }) => state)).toEqual([
      'PARTIALLY_FULFILLED',
      'READY',
      'AWAITING_PAYMENT',
      'AWAITING_APPROVAL',
      'PLACED',
      'READY',
      'CANCELLING',
    ]);
    expect(second.nextCursor).toBeUndefined();
  });
});

describe('a timeline', () => {
  const order = orderRow({ state: 'AWAITING_PAYMENT' });
  const orderId = order.order_id;
  const payment = paymentRow({ order_id: orderId });
  const refundId = randomUUID();
  const placed = entryRow(orderId, 'OrderPlaced', {
    event_id: 'e-placed',
    occurred_at: '2026-11-01T10:00:00Z',
    data: {
      orderId,
      customerId: order.customer_id,
      lines: [{ sku: 'BOLT-M8', qty: 3 }],
      total: { amountMinor: 1_250, currency: 'EUR' },
    },
  });

  beforeAll(async () => {
    await app.insert('order_summary', order, orderRow({ order_id: '00000000-0000-7000-8000-0000000000aa' }));
    await app.insert('order_invoice', invoiceRow(orderId, { number: 'INV-1' }));
    await app.insert('payment', payment);
    await app.insert('refund', {
      refund_id: refundId,
      payment_id: payment.payment_id,
      order_id: orderId,
      currency: 'EUR',
      amount_minor: 100,
      automatic: true,
      requester_id: 'atlas',
      state: 'REQUESTED',
      requested_at: ago(5),
      changed_at: ago(5),
    });
    const topics = {
      reservation: 'atlas.inventory.reservation.v1',
      approval: 'atlas.workflow.approval.v1',
      payment: 'atlas.billing.payment.v1',
    };
    await app.insert(
      'timeline_entry',
      placed,
      // its clock is behind that of Orders
      entryRow(orderId, 'StockReserved', {
        topic: topics.reservation,
        occurred_at: '2026-11-01T09:59:59Z',
        event_id: 'e-held',
        causation_id: 'e-placed',
        actor_id: null,
        data: { orderId, lines: [{ sku: 'BOLT-M8', qty: 3 }], expiresAt: 1_793_527_200_000_000 },
      }),
      entryRow(orderId, 'StepDecided', {
        topic: topics.approval,
        sequence: 2,
        occurred_at: '2026-11-01T12:00:00Z',
        actor_id: 'ann',
        data: { subjectId: orderId, step: 1, decision: 'APPROVE', actorId: 'ann', onBehalfOf: 'ben' },
      }),
      entryRow(payment.payment_id, 'PaymentSucceeded', {
        topic: topics.payment,
        occurred_at: '2026-11-02T12:00:00Z',
        data: { paymentId: payment.payment_id, provider: 'sandbox', amount: { amountMinor: 1_250, currency: 'EUR' } },
      }),
      entryRow(refundId, 'ApprovalRejected', {
        topic: topics.approval,
        occurred_at: '2026-11-02T13:00:00Z',
        data: {
          subjectId: refundId,
          subjectType: 'REFUND',
          comment: '<b>no</b>',
          decider: { actorId: 'ann', onBehalfOf: null },
        },
      }),
      entryRow(orderId, 'OrderTeleported', {
        sequence: 0,
        occurred_at: '2026-11-03T00:00:00Z',
        data: { orderId, secret: [1] },
      }),
    );
  });

  const timeline = async (roles: readonly string[] = TRADER) => {
    const answer = await app.as(roles).getOrderTimeline({ params: { orderId } });
    if (answer.status !== 200) throw new Error(JSON.stringify(answer));
    return answer.body;
  };

  it('has the events of the order, its payments and its refunds, each after its cause', async () => {
    const { entries, services, order: shown, waitsFor, truncated } = await timeline();
    expect(entries.map(({ type }) => type)).toEqual([
      'OrderPlaced',
      'StockReserved',
      'StepDecided',
      'PaymentSucceeded',
      'ApprovalRejected',
      'OrderTeleported',
    ]);
    expect(services).toEqual(['orders', 'inventory', 'workflow', 'billing']);
    expect(shown).toMatchObject({ orderId, invoiceNumber: 'INV-1', total: { amountMinor: 1_250 } });
    expect(waitsFor).toMatch(/^The customer has to pay invoice INV-1 by \d+ \w+ 20.* UTC\.$/);
    expect(truncated).toBeUndefined();
  });

  it('says who, why and how long after its cause', async () => {
    const { entries } = await timeline();
    expect(entries[0]).toEqual({
      eventId: 'e-placed',
      service: 'orders',
      type: 'OrderPlaced',
      summary: 'The order was placed with 1 line.',
      at: '2026-11-01T10:00:00.000Z',
      sequence: 1,
      actorId: 'ops-1',
      afterSeconds: 0,
      details: { customerId: order.customer_id, total: '12.50 EUR', lines: '3 × BOLT-M8' },
    });
    expect(entries[1]).toMatchObject({
      causedBy: 'e-placed',
      why: 'OrderPlaced: The order was placed with 1 line.',
      afterSeconds: 0,
      details: { expiresAt: '2026-11-01T10:00:00.000Z' },
    });
    expect(entries[1]).not.toHaveProperty('actorId');
    expect(entries[2]).toMatchObject({ actorId: 'ann', onBehalfOf: 'ben', afterSeconds: 7_201 });
    expect(entries[4]).toMatchObject({ why: '<b>no</b>', summary: 'A refund was rejected.', afterSeconds: HOUR });
    expect(entries[5]).toMatchObject({ summary: 'OrderTeleported was published.', sequence: 1 });
  });

  it('shows an admin neither customers nor amounts', async () => {
    const { entries, order: shown } = await timeline(['admin']);
    expect(shown).not.toHaveProperty('total');
    expect(shown).not.toHaveProperty('customerId');
    expect(entries[0]?.details).toEqual({ lines: '3 × BOLT-M8' });
    expect(entries[3]?.details).toEqual({ paymentId: payment.payment_id, provider: 'sandbox' });
    expect(JSON.stringify(entries)).not.toContain('12.50');
  });

  it('of an unknown order is a 404', async () => {
    const unknown = randomUUID();
    expect(await app.as(['ops']).getOrderTimeline({ params: { orderId: unknown } })).toMatchObject({
      status: 404,
      problem: { code: 'order-not-found' },
    });
  });

  it.each([
    ['another order', `order/${randomUUID()}@1`],
    ['the invoice of another order', `invoice/${randomUUID()}@1`],
    ['the approval of another order', 'approval/00000000-0000-7000-8000-0000000000aa@1'],
    ['a payment with an impossible id', 'payment/1@1'],
    ['an item', 'item/BOLT-M8@1'],
  ])('is refused for a version of %s', async (_what, minVersion) => {
    expect(await app.as(['ops']).getOrderTimeline({ params: { orderId }, query: { minVersion } })).toMatchObject({
      status: 400,
      problem: { code: 'min-version-foreign', errors: [{ pointer: '/query/minVersion' }] },
    });
  });

  it('says that it was cut if there are too many events', async () => {
    const busy = orderRow();
    await app.insert('order_summary', busy);
    const entries = Array.from({ length: 1_001 }, (_, n) =>
      entryRow(busy.order_id, 'OrderShipmentRecorded', { sequence: n + 1 }),
    );
    await app.insert('timeline_entry', ...entries);
    const answer = await app.as(['ops']).getOrderTimeline({ params: { orderId: busy.order_id } });
    expect(answer).toMatchObject({ status: 200, body: { truncated: true, entries: { length: 1_000 } } });
  });
});
