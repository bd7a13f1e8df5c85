import { succeeded } from '@atlas/runtime/client';
import { workflowClient } from '@atlas/generated-workflow/client';
import { isRecord, mintToken } from '@atlas/stack';
import { beforeAll, describe, expect, it } from 'vitest';
import { EventLog } from '../../src/invariants/log.ts';
import { balancesIn } from '../../src/invariants/money.ts';
import type { Person } from '../../src/people/people.ts';
import { cancel, decide, invoiceOf, refund, ship } from '../../src/story/desk.ts';
import { type Goods, order, type Order, readOrder, receive } from '../../src/story/goods.ts';
import { misbehave } from '../../src/story/misbehave.ts';
import { Saga } from '../../src/story/saga.ts';
import { eventsIn } from '../../src/topics/eventOf.ts';
import { SERVICES } from '../../src/system/services.ts';
import { type End, endOf, LEDGER } from '../endOf.ts';
import { erp } from './erp.ts';
import { digestsOf, violations } from '../violations.ts';

beforeAll(async () => {
  await askForLargeOrders(2);
});
/** A quantity that somebody has to approve. */
const MUCH = 120;
/** A quantity that nobody has to approve. */
const LITTLE = 10;

interface Placed {
  readonly saga: Saga;
  readonly goods: Goods;
  readonly placed: Order;
}

async function placedOrder(title: string, qty: number, stock = qty): Promise<Placed> {
  const saga = new Saga(title, erp.feed);
  const goods = await receive(erp.people, stock);
  return { saga, goods, placed: await order(erp.people, saga, goods, qty) };
}

/** An order of LITTLE that was paid and may leave. */
async function released(title: string): Promise<Placed> {
  const one = await placedOrder(title, LITTLE);
  await one.saga.sees('OrderReleased');
  return one;
}

/** An order of MUCH that two people have approved, that was paid and may leave. */
async function approved(title: string): Promise<Placed> {
  const one = await placedOrder(title, MUCH);
  await one.saga.sees('ApprovalRequested');
  await decide(erp.people.approver, one.saga, one.placed.orderId);
  // the second step of the policy
  await decide(erp.people.finance, one.saga, one.placed.orderId);
  await one.saga.sees('OrderReleased');
  return one;
}

/** An order of MUCH that has left in two parts. */
async function fulfilled(title: string): Promise<Placed> {
  const one = await approved(title);
  await ship(erp.people, one.saga, one.goods, one.placed, 50);
  await one.saga.sees('OrderShipmentRecorded');
  await ends(one, {
    state: 'PARTIALLY_FULFILLED',
    stock: '70 on hand, 70 reserved',
    ledger: { AR: 0, DEFERRED_REVENUE: -85_750, PSP_CLEARING: 174_930, REVENUE: -61_250, TAX: -27_930 },
  });
  await ship(erp.people, one.saga, one.goods, one.placed, 70);
  await ends(one, {
    state: 'FULFILLED',
    stock: '0 on hand, 0 reserved',
    ledger: { AR: 0, DEFERRED_REVENUE: 0, PSP_CLEARING: 174_930, REVENUE: -147_000, TAX: -27_930 },
  });
  return one;
}

const stateOf = async ({ placed }: Placed): Promise<string> => (await readOrder(erp.people, placed.orderId)).state;

/** Waits, because journals are in a different topic than the events for which the order waited. */
async function ends({ goods, placed: { orderId } }: Placed, end: End): Promise<void> {
  await expect.poll(() => endOf(erp, { goods, orderId })).toEqual(end);
}

const countOf = ({ saga }: Placed, name: string): number => saga.events().filter((event) => event.name === name).length;

/** The outcome of each delivery of the provider's webhooks about a payment. */
async function deliveriesOf(paymentId: string): Promise<readonly string[]> {
  const body: unknown = await (await fetch(`${erp.sandbox.url}/_sandbox/events`)).json();
  const events = listOf(body, 'events').filter((event) => textOf(event, 'reference') === paymentId);
  return events.flatMap((event) => listOf(event, 'deliveries').map((delivery) => textOf(delivery, 'outcome')));
}

function listOf(value: unknown, name: string): readonly unknown[] {
  const list = isRecord(value) ? value[name] : undefined;
  return Array.isArray(list) ? list : [];
}

function textOf(value: unknown, name: string): string {
  return isRecord(value) ? String(value[name]) : '';
}

/** The books of only the orders of this file, by account: debits minus credits. */
async function booksNow(): Promise<Readonly<Record<string, bigint>>> {
  const { accounts } = succeeded(await erp.people.finance.billing.getTrialBalance({})).body;
  return Object.fromEntries(accounts.map(({ account, debit, credit }) => [account, BigInt(debit) - BigInt(credit)]));
}

/** The books as they must be, by all journals that were sent. */
function booksSent(): Readonly<Record<string, bigint>> {
  return Object.fromEntries(balancesIn(new EventLog(eventsIn(erp.feed.records())).all('JournalPosted')));
}

const sumOf = (books: Readonly<Record<string, bigint>>): bigint =>
  Object.values(books).reduce((sum, amount) => sum + amount, 0n);

/**
 * More than all other quantities here, so that a policy can have a rule for it alone: 1,000 pieces cost 14,577.50
 * euros.
 */
const VERY_MUCH = 1_000;

/**
 * Puts a policy into force by which two people decide about orders of MUCH, and which gives orders of VERY_MUCH this
 * deadline.
 */
async function askForLargeOrders(deadlineSeconds: number): Promise<void> {
  const step = { quorum: 1, deadlineSeconds: 2 * 86_400 };
  const rules = [
    { currencies: ['EUR'], upTo: 100_000, steps: [] },
    {
      currencies: ['EUR'],
      upTo: 1_000_000,
      steps: [
        { ...step, role: 'approver' },
        { ...step, role: 'finance' },
      ],
    },
    { steps: [{ ...step, role: 'approver', deadlineSeconds }] },
  ] as const;
  const params = { policyId: 'order' };
  const { admin } = erp.people;
  const proposed = succeeded(await admin.workflow.publishPolicy({ params, body: { rules: [...rules] } }));
  const token = await mintToken(erp.stack, { sub: 'e2e-admin-2', roles: ['admin'] });
  const second = workflowClient({ baseUrl: erp.system.process('gateway').url, token });
  succeeded(await second.confirmPolicy({ params: { ...params, version: proposed.body.version } }));
}

describe('an order', () => {
  it('that wants more than there is is cancelled, holds nothing, and has no invoice', async () => {
    const one = await placedOrder('more than there is', LITTLE, LITTLE - 1);
    await one.saga.sees('OrderCancelled');
    await ends(one, { state: 'CANCELLED', stock: '9 on hand, 0 reserved', ledger: LEDGER.untouched });
    const { sku } = one.goods;
    expect(await readOrder(erp.people, one.placed.orderId)).toMatchObject({
      cancellation: { reason: 'INSUFFICIENT_STOCK', shortages: [{ sku, wanted: LITTLE, available: LITTLE - 1 }] },
    });
    expect(countOf(one, 'InvoiceIssued')).toBe(0);
  });

  it('that nobody approves in time is cancelled, holds nothing, has no invoice, and cannot be approved', async () => {
    const one = await placedOrder('not approved in time', VERY_MUCH);
    await one.saga.sees('ApprovalExpired');
    await one.saga.sees('ReservationReleased');
    await ends(one, { state: 'CANCELLED', stock: '1000 on hand, 0 reserved', ledger: LEDGER.untouched });
    expect(await readOrder(erp.people, one.placed.orderId)).toMatchObject({
      cancellation: { reason: 'APPROVAL_EXPIRED' },
    });
    expect(countOf(one, 'InvoiceIssued')).toBe(0);
    const { approver } = erp.people;
    const { data } = one.saga.events().find(({ name }) => name === 'ApprovalExpired') ?? {};
    const approvalId = textOf(data, 'approvalId');
    const { body, etag } = succeeded(await approver.workflow.getApproval({ params: { approvalId } }));
    expect(body.state).toBe('EXPIRED');
    const { version, digest } = body.subject;
    const decision = { decision: 'APPROVE', subjectVersion: version, digest } as const;
    const late = await approver.workflow.decideApproval({ params: { approvalId }, ifMatch: etag, body: decision });
    expect(late).toMatchObject({ status: 409, problem: { code: 'approval-not-pending' } });
  });

  it('that the approver rejects is cancelled, holds nothing, and has no invoice', async () => {
    const one = await placedOrder('rejected', MUCH);
    await one.saga.sees('ApprovalRequested');
    await decide(erp.people.approver, one.saga, one.placed.orderId, 'REJECT');
    await one.saga.sees('ReservationReleased');
    await ends(one, { state: 'CANCELLED', stock: '120 on hand, 0 reserved', ledger: LEDGER.untouched });
    const { invoices } = succeeded(
      await erp.people.finance.billing.listInvoices({ query: { orderId: one.placed.orderId } }),
    ).body;
    expect(invoices).toEqual([]);
  });

  it('that is cancelled before it is paid is credited, and holds nothing', async () => {
    const one = await misbehave(erp.sandbox, { kind: 'hold' }, () => placedOrder('not paid', LITTLE));
    await one.saga.sees('InvoiceIssued');
    await cancel(erp.people.ops, one.saga, one.placed.orderId);
    await Promise.all([one.saga.sees('ReservationReleased'), one.saga.sees('InvoiceCredited')]);
    await ends(one, { state: 'CANCELLED', stock: '10 on hand, 0 reserved', ledger: LEDGER.credited });
    expect(await invoiceOf(erp.people, one.placed.orderId)).toMatchObject({
      state: 'CREDITED',
      open: { amountMinor: 0 },
    });
  });

  it('that is cancelled after a part of it left is closed with that part, and the rest is credited', async () => {
    const one = await approved('cancelled after a part of it left');
    await ship(erp.people, one.saga, one.goods, one.placed, 4);
    await one.saga.sees('OrderShipmentRecorded');
    // Finance may cancel a paid order, ops may not.
    await cancel(erp.people.finance, one.saga, one.placed.orderId);
    await one.saga.sees('RefundSucceeded');
    await ends(one, {
      state: 'FULFILLED',
      stock: '116 on hand, 0 reserved',
      ledger: { AR: 0, CUSTOMER_CREDIT: 0, DEFERRED_REVENUE: 0, PSP_CLEARING: 5_831, REVENUE: -4_900, TAX: -931 },
    });
    const { net, lines } = await invoiceOf(erp.people, one.placed.orderId);
    const [line] = lines;
    expect((line?.recognised.amountMinor ?? 0) + (line?.creditedNet.amountMinor ?? 0)).toBe(net.amountMinor);
  });

  it('that leaves in two parts is fulfilled, and nothing of it is open any more', async () => {
    const one = await fulfilled('two parts');
    expect([countOf(one, 'OrderShipmentRecorded'), countOf(one, 'OrderFulfilled')]).toEqual([2, 1]);
    expect(await invoiceOf(erp.people, one.placed.orderId)).toMatchObject({ state: 'PAID', open: { amountMinor: 0 } });
  });

  it('that has left is paid back in part once somebody has approved that', async () => {
    const one = await fulfilled('paid back in part');
    // twenty pieces
    await refund(erp.people, one.saga, await invoiceOf(erp.people, one.placed.orderId), 24_500);
    await ends(one, {
      state: 'FULFILLED',
      stock: '0 on hand, 0 reserved',
      ledger: {
        AR: 0,
        CUSTOMER_CREDIT: 0,
        DEFERRED_REVENUE: 0,
        PSP_CLEARING: 145_775,
        REVENUE: -122_500,
        TAX: -23_275,
      },
    });
    expect(countOf(one, 'RefundSucceeded')).toBe(1);
  });

  it('that is cancelled while it ships ends in exactly one of the two states', async () => {
    const one = await released('cancelled while it ships');
    await Promise.allSettled([
      ship(erp.people, one.saga, one.goods, one.placed, LITTLE),
      cancel(erp.people.finance, one.saga, one.placed.orderId),
    ]);
    await expect.poll(() => stateOf(one)).toMatch(/^(FULFILLED|CANCELLED)$/);
    const state = await stateOf(one);
    const hasLeft = state === 'FULFILLED';
    const stock = hasLeft ? '0 on hand, 0 reserved' : '10 on hand, 0 reserved';
    await ends(one, { state, stock, ledger: hasLeft ? LEDGER.shipped : LEDGER.paidBack });
    // the state can be read before its event has been published
    await one.saga.sees(hasLeft ? 'OrderFulfilled' : 'OrderCancelled');
    const counts = ['ShipmentDispatched', 'OrderFulfilled', 'OrderCancelled'].map((name) => countOf(one, name));
    expect(counts).toEqual(hasLeft ? [1, 1, 0] : [0, 0, 1]);
  });
});

describe('the provider', () => {
  it('that sends its webhook twice pays an order once', async () => {
    const fault = { kind: 'duplicate', target: 'payment.succeeded' } as const;
    const one = await misbehave(erp.sandbox, fault, () => placedOrder('paid by two webhooks', LITTLE));
    await one.saga.sees('OrderReleased');
    const answered = ['answered 204', 'answered 204'];
    await expect.poll(() => deliveriesOf(one.saga.paymentId())).toEqual(answered);
    const { paid, total } = await invoiceOf(erp.people, one.placed.orderId);
    expect(paid).toEqual(total);
    expect([countOf(one, 'PaymentSucceeded'), countOf(one, 'InvoicePaid')]).toEqual([1, 1]);
    await ends(one, { state: 'READY', stock: '10 on hand, 10 reserved', ledger: LEDGER.paid });
  });

  it('that declines a payment that may be repeated does not end the order, which is paid then', async () => {
    const one = await misbehave(erp.sandbox, { kind: 'decline-retryable' }, () => placedOrder('paid at last', LITTLE));
    await one.saga.sees('OrderReleased');
    await ends(one, { state: 'READY', stock: '10 on hand, 10 reserved', ledger: LEDGER.paid });
    expect(await invoiceOf(erp.people, one.placed.orderId)).toMatchObject({ state: 'PAID', open: { amountMinor: 0 } });
    const failures = one.saga.events().filter(({ name }) => name === 'InvoicePaymentFailed');
    expect(failures.map(({ data }) => data)).toMatchObject([{ final: false, reason: 'DECLINED' }]);
    expect(countOf(one, 'OrderCancelled')).toBe(0);
  });

  it('that declines for good ends the order, which holds nothing and owes nothing', async () => {
    const one = await misbehave(erp.sandbox, { kind: 'decline-final' }, () => placedOrder('declined', LITTLE));
    await Promise.all([one.saga.sees('ReservationReleased'), one.saga.sees('InvoiceCredited')]);
    await ends(one, { state: 'CANCELLED', stock: '10 on hand, 0 reserved', ledger: LEDGER.credited });
    expect(await invoiceOf(erp.people, one.placed.orderId)).toMatchObject({ open: { amountMinor: 0 } });
  });

  it('that cannot pay back leaves the refund to a person, and the order is cancelled all the same', async () => {
    const one = await released('a refund that fails');
    await misbehave(erp.sandbox, { kind: 'refund-fails' }, () =>
      cancel(erp.people.finance, one.saga, one.placed.orderId),
    );
    await one.saga.sees('RefundFailed');
    await ends(one, { state: 'CANCELLED', stock: '10 on hand, 0 reserved', ledger: LEDGER.owedToCustomer });
    const failed = one.saga.events().find(({ name }) => name === 'RefundFailed');
    const refundId = textOf(failed?.data, 'refundId');
    const { body } = succeeded(await erp.people.finance.billing.getRefund({ params: { refundId } }));
    expect(body).toMatchObject({ state: 'FAILED', automatic: true });
  });
});

describe('after all of that', () => {
  it('the books balance, also when the provider has paid out what it holds', async () => {
    await expect.poll(booksNow).toEqual(booksSent());
    expect(sumOf(await booksNow())).toBe(0n);
    expect(erp.sandbox.payOut()).toHaveLength(1);
    const isPosted = () => eventsIn(erp.feed.records()).some(({ data }) => textOf(data, 'kind') === 'PAYOUT');
    await erp.feed.until(isPosted, 'the journal of the payout');
    expect(await booksNow()).toEqual(booksSent());
    expect(sumOf(await booksNow())).toBe(0n);
    expect((await booksNow())['PSP_CLEARING']).toBe(0n);
  });

  it('a journal, which never changes, is kept by the gateway for the one who has read it', async () => {
    const posted = eventsIn(erp.feed.records()).find(({ name }) => name === 'JournalPosted');
    const read = async (sub: string, roles: readonly string[]) => {
      const token = await mintToken(erp.stack, { sub, roles: [...roles] });
      const { url } = erp.system.process('gateway');
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`${url}/v1/journals/${posted?.key}`, { headers });
      await answer.text();
      return [answer.status, answer.headers.get('cache-control')];
    };
    const kept = [200, 'private, max-age=3600'];
    await read('fiona', ['finance']);
    expect(await read('fiona', ['finance'])).toEqual(kept);
    expect((await read('april', ['approver']))[0]).toBe(403);
    await erp.system.process('billing').stop();
    const meanwhile = [await read('fiona', ['finance']), (await read('other', ['finance']))[0]];
    await erp.system.restart('billing');
    expect(meanwhile).toEqual([kept, 503]);
  });

  it('an admin sees neither customers nor amounts of an order, whichever service they ask', async () => {
    const orderId = eventsIn(erp.feed.records()).find(({ name }) => name === 'OrderFulfilled')?.key ?? '';
    const params = { orderId };
    const seenBy = async ({ orders, reporting }: Person): Promise<readonly string[]> => [
      JSON.stringify(succeeded(await orders.getOrder({ params })).body),
      JSON.stringify(succeeded(await reporting.getOrderTimeline({ params })).body),
    ];
    const hidden = /customerId|amountMinor|preciseAmount|\bEUR\b/;
    for (const text of await seenBy(erp.people.ops)) expect(text).toMatch(hidden);
    for (const text of await seenBy(erp.people.admin)) expect(text).not.toMatch(hidden);
  });

  it('every invariant holds', async () => {
    await expect.poll(() => violations(erp)).toEqual([]);
  });

  it('the whole log, delivered once more, changes nothing', async () => {
    const digests = () => Promise.all(SERVICES.map((service) => digestsOf(erp, service)));
    const before = await digests();
    const records = erp.feed.records().length;
    await erp.deliverAgain();
    await Promise.all(SERVICES.map((service) => erp.readAll(service)));
    expect(await digests()).toEqual(before);
    // there are the copies themselves, but no events that follow from them
    await erp.feed.until((seen) => seen.length >= 2 * records, 'the copies');
    expect(erp.feed.records()).toHaveLength(2 * records);
    await expect.poll(() => violations(erp)).toEqual([]);
  });
});
