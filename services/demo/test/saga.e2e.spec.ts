import { succeeded } from '@atlas/runtime/client';
import { workflowClient } from '@atlas/generated-workflow/client';
import { isRecord, mintToken } from '@atlas/stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cancel, decide, invoiceOf, ship } from '../src/story/desk.ts';
import { type Goods, order, type Order, readLevel, readOrder, receive } from '../src/story/goods.ts';
import { misbehave } from '../src/story/misbehave.ts';
import { Saga } from '../src/story/saga.ts';
import { eventsIn } from '../src/topics/eventOf.ts';
import { SERVICES } from '../src/system/services.ts';
import { type Isolated, isolated } from './isolated.ts';
import { digestsOf, violations } from './violations.ts';

let erp: Isolated;
beforeAll(async () => {
  erp = await isolated('e2e_saga');
});
afterAll(() => erp.close());

/** So much that somebody has to approve it. */
const MUCH = 120;
/** So little that nobody has to. */
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

/** An order of little that was paid, and may leave. */
async function released(title: string): Promise<Placed> {
  const one = await placedOrder(title, LITTLE);
  await one.saga.sees('OrderReleased');
  return one;
}

const stateOf = async ({ placed }: Placed): Promise<string> => (await readOrder(erp.people, placed.orderId)).state;

const levelOf = async ({ goods }: Placed): Promise<string> => {
  const { onHand, reserved } = await readLevel(erp.people, goods);
  return `${onHand} on hand, ${reserved} reserved`;
};

const countOf = ({ saga }: Placed, name: string): number => saga.events().filter((event) => event.name === name).length;

/** How each delivery of the provider's webhooks about a payment ended. */
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

/** The books of the orders of this file alone: each balances, so all do. */
async function booksBalance(): Promise<boolean> {
  const { accounts } = succeeded(await erp.people.finance.billing.getTrialBalance({})).body;
  const left = accounts.reduce((sum, { debit, credit }) => sum + BigInt(debit) - BigInt(credit), 0n);
  return left === 0n;
}

/** More than anything else here, so that a policy can have a rule for it alone: 1,000 pieces cost 14,577.50 euros. */
const VERY_MUCH = 1_000;

/** Puts a policy into force by which two people decide about orders of much, and which asks for very much so long. */
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
  it('that nobody approves in time is cancelled, holds nothing, has no invoice, and cannot be approved', async () => {
    await askForLargeOrders(2);
    const one = await placedOrder('not approved in time', VERY_MUCH);
    await one.saga.sees('ApprovalExpired');
    await one.saga.sees('ReservationReleased');
    expect(await readOrder(erp.people, one.placed.orderId)).toMatchObject({
      state: 'CANCELLED',
      cancellation: { reason: 'APPROVAL_EXPIRED' },
    });
    expect(await levelOf(one)).toBe('1000 on hand, 0 reserved');
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
    expect(await stateOf(one)).toBe('CANCELLED');
    expect(await levelOf(one)).toBe('120 on hand, 0 reserved');
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
    expect(await stateOf(one)).toBe('CANCELLED');
    expect(await levelOf(one)).toBe('10 on hand, 0 reserved');
    expect(await invoiceOf(erp.people, one.placed.orderId)).toMatchObject({
      state: 'CREDITED',
      open: { amountMinor: 0 },
    });
  });

  it('that is cancelled after a part of it left is closed with that part, and the rest is credited', async () => {
    const one = await placedOrder('cancelled after a part of it left', MUCH);
    await one.saga.sees('ApprovalRequested');
    await decide(erp.people.approver, one.saga, one.placed.orderId);
    // the second step of the policy
    await decide(erp.people.finance, one.saga, one.placed.orderId);
    await one.saga.sees('OrderReleased');
    await ship(erp.people, one.saga, one.goods, one.placed, 4);
    await one.saga.sees('OrderShipmentRecorded');
    // Finance may cancel an order that is paid, ops may not.
    await cancel(erp.people.finance, one.saga, one.placed.orderId);
    await one.saga.sees('OrderFulfilled');
    await one.saga.sees('InvoiceCredited');
    expect(await stateOf(one)).toBe('FULFILLED');
    expect(await levelOf(one)).toBe('116 on hand, 0 reserved');
    const { net, lines } = await invoiceOf(erp.people, one.placed.orderId);
    const [line] = lines;
    expect((line?.recognised.amountMinor ?? 0) + (line?.creditedNet.amountMinor ?? 0)).toBe(net.amountMinor);
    await one.saga.sees('RefundSucceeded');
  });

  it('that is cancelled while it ships ends in exactly one of the two states', async () => {
    const one = await released('cancelled while it ships');
    await Promise.allSettled([
      ship(erp.people, one.saga, one.goods, one.placed, LITTLE),
      cancel(erp.people.finance, one.saga, one.placed.orderId),
    ]);
    await expect.poll(() => stateOf(one)).toMatch(/^(FULFILLED|CANCELLED)$/);
    const hasLeft = (await stateOf(one)) === 'FULFILLED';
    await expect.poll(() => levelOf(one)).toBe(hasLeft ? '0 on hand, 0 reserved' : '10 on hand, 0 reserved');
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
  });

  it('that declines a payment that may be repeated does not end the order, which is paid then', async () => {
    const one = await misbehave(erp.sandbox, { kind: 'decline-retryable' }, () => placedOrder('paid at last', LITTLE));
    await one.saga.sees('OrderReleased');
    expect(await stateOf(one)).toBe('READY');
    expect(await levelOf(one)).toBe('10 on hand, 10 reserved');
    expect(await invoiceOf(erp.people, one.placed.orderId)).toMatchObject({ state: 'PAID', open: { amountMinor: 0 } });
  });

  it('that declines for good ends the order, which holds nothing and owes nothing', async () => {
    const one = await misbehave(erp.sandbox, { kind: 'decline-final' }, () => placedOrder('declined', LITTLE));
    await Promise.all([one.saga.sees('ReservationReleased'), one.saga.sees('InvoiceCredited')]);
    expect(await stateOf(one)).toBe('CANCELLED');
    expect(await levelOf(one)).toBe('10 on hand, 0 reserved');
    expect(await invoiceOf(erp.people, one.placed.orderId)).toMatchObject({ open: { amountMinor: 0 } });
  });

  it('that cannot pay back leaves the refund to a person, and the order is cancelled all the same', async () => {
    const one = await released('a refund that fails');
    await misbehave(erp.sandbox, { kind: 'refund-fails' }, () =>
      cancel(erp.people.finance, one.saga, one.placed.orderId),
    );
    await one.saga.sees('RefundFailed');
    expect(await stateOf(one)).toBe('CANCELLED');
    const failed = one.saga.events().find(({ name }) => name === 'RefundFailed');
    const refundId = textOf(failed?.data, 'refundId');
    const { body } = succeeded(await erp.people.finance.billing.getRefund({ params: { refundId } }));
    expect(body).toMatchObject({ state: 'FAILED', automatic: true });
  });
});

describe('after all of that', () => {
  it('the books balance, also when the provider has paid out what it holds', async () => {
    expect(await booksBalance()).toBe(true);
    expect(erp.sandbox.payOut()).toHaveLength(1);
    const isPosted = () => eventsIn(erp.feed.records()).some(({ data }) => textOf(data, 'kind') === 'PAYOUT');
    await erp.feed.until(isPosted, 'the journal of the payout');
    expect(await booksBalance()).toBe(true);
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
    // the copies themselves, and nothing that comes of them
    await erp.feed.until((seen) => seen.length >= 2 * records, 'the copies');
    expect(erp.feed.records()).toHaveLength(2 * records);
    await expect.poll(() => violations(erp)).toEqual([]);
  });
});
