import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { OnApprovalGranted, OnApprovalRejected } from '@atlas/generated-billing';
import { microsOf } from '@atlas/runtime/time';
import { closePeriod } from '../src/app/closePeriod.ts';
import { createCreditNote } from '../src/app/createCreditNote.ts';
import { onApprovalEnded } from '../src/app/onApprovalEnded.ts';
import { onApprovalGranted } from '../src/app/onApprovalGranted.ts';
import { postManualJournal } from '../src/app/postManualJournal.ts';
import { recordManualRefund } from '../src/app/recordManualRefund.ts';
import { requestRefund } from '../src/app/requestRefund.ts';
import { stateOf } from '../src/domain/invoice.ts';
import type { Payment } from '../src/domain/payment.ts';
import type { Refund } from '../src/domain/refund.ts';
import { billingDatabase, type BillingDatabase } from './billingDatabase.ts';
import { aCtx, aMeta, anOrder, eur, hears, invoiceNow, pay, ports } from './scene.ts';

let database: BillingDatabase;
let heard: ReturnType<typeof hears>;
beforeAll(async () => {
  database = await billingDatabase(`billing_finance_${process.pid}`);
  heard = hears(database);
});
afterAll(() => database.close());
afterEach(() => database.mustTieOut());

const typesOf = ({ events = [] }: { readonly events?: readonly { readonly type: string }[] }) =>
  events.map(({ type }) => type);

/** Whether a command was carried out: neither refused nor in conflict with another one. */
const isDone = (one: PromiseSettledResult<{ readonly status: number }>) =>
  one.status === 'fulfilled' && one.value.status === 201;

/** Credits lines by their index, as the invoice is now. */
async function credit(order: ReturnType<typeof anOrder>, parts: readonly (readonly [line: number, net?: number])[]) {
  const { invoiceId, version } = await invoiceNow(database, order.orderId);
  const lines = parts.map(([index, net]) => ({
    lineId: order.lines[index]?.lineId ?? randomUUID(),
    ...(net === undefined ? {} : { net: { amountMinor: net, currency: 'EUR' } }),
  }));
  const body = { lines, note: 'Two of ten were broken' };
  return database.transaction((tx) =>
    createCreditNote(ports)({ params: { invoiceId }, body, ifMatch: version, ctx: aCtx() }, tx),
  );
}

async function paymentNow(paymentId: string): Promise<Payment> {
  const payment = await database.read((read) => ports.payments.read(read, paymentId));
  if (!payment) throw new Error(`there is no payment ${paymentId}`);
  return payment;
}

async function refundNow(refundId: string): Promise<Refund> {
  const refund = await database.read((read) => ports.refunds.read(read, refundId));
  if (!refund) throw new Error(`there is no refund ${refundId}`);
  return refund;
}

async function refund(paymentId: string, amountMinor: number, currency = 'EUR') {
  const { version } = await paymentNow(paymentId);
  const body = { amount: { amountMinor, currency }, note: 'Two of ten were broken' };
  return database.transaction((tx) =>
    requestRefund(ports)({ params: { paymentId }, body, ifMatch: version, ctx: aCtx() }, tx),
  );
}

/** An order over 11.90 EUR that was paid with 30.00 EUR, so that 18.10 EUR are credit. */
async function paidWithCredit() {
  const order = anOrder();
  await heard.confirmed(order);
  const paid = await pay(database, order.orderId, 3000n, { keepExcess: true });
  if (paid.status !== 201) throw new Error('not paid');
  return { order, paymentId: paid.body.paymentId };
}

async function requested(amount = 500) {
  const { order, paymentId } = await paidWithCredit();
  const asked = await refund(paymentId, amount);
  if (asked.status !== 201) throw new Error('not requested');
  return { order, paymentId, refund: await refundNow(asked.body.refundId) };
}

interface Subject {
  readonly version: bigint;
  readonly digest: string;
}

const grant = (subjectId: string, { version, digest }: Subject, subjectType: 'REFUND' | 'JOURNAL' = 'REFUND') => {
  const data: OnApprovalGranted.Input['data'] = {
    approvalId: randomUUID(),
    subjectType,
    subjectId,
    subjectVersion: version,
    digest,
    auto: false,
    policyId: null,
    policyVersion: null,
    deciders: [],
    decidedAt: microsOf(new Date()),
  };
  return database.transaction((tx) => onApprovalGranted(ports)({ data, meta: aMeta(), ctx: aCtx() }, tx));
};

const reject = (subjectId: string, { version, digest }: Subject, subjectType: 'REFUND' | 'JOURNAL' = 'REFUND') => {
  const data: Pick<OnApprovalRejected.Input['data'], 'subjectType' | 'subjectId' | 'subjectVersion' | 'digest'> = {
    subjectType,
    subjectId,
    subjectVersion: version,
    digest,
  };
  return database.transaction((tx) => onApprovalEnded(ports)({ data, ctx: aCtx() }, tx));
};

describe('createCreditNote', () => {
  it('splits net and tax by the lines that it names, and the last part takes the rest', async () => {
    const order = anOrder([
      [1000n, 190n],
      [100n, 10n],
    ]);
    await heard.confirmed(order);
    expect(await credit(order, [[0, 333]])).toMatchObject({
      status: 201,
      body: { number: expect.stringMatching(/^CN-/), net: { amountMinor: 333 }, tax: { amountMinor: 63 } },
    });
    expect(
      await credit(order, [
        [0, 333],
        [1, 50],
      ]),
    ).toMatchObject({
      body: { lines: [{ net: { amountMinor: 333 }, tax: { amountMinor: 64 } }, { tax: { amountMinor: 5 } }] },
    });
    expect(await credit(order, [[0]])).toMatchObject({ body: { net: { amountMinor: 334 }, tax: { amountMinor: 63 } } });
    expect((await invoiceNow(database, order.orderId)).lines[0]).toMatchObject({
      creditedNet: 1000n,
      creditedTax: 190n,
    });
  });

  it.each([
    ['more than is left of a line', [[0, 1001]], 'amount-over-line'],
    [
      'a line twice',
      [
        [0, 1],
        [0, 1],
      ],
      'line-named-twice',
    ],
    ['a line that the invoice does not have', [[7, 1]], 'line-unknown'],
  ] as const)('refuses %s, and credits nothing', async (_what, parts, code) => {
    const order = anOrder();
    await heard.confirmed(order);
    expect(await credit(order, parts)).toMatchObject({ status: 422, problem: { code } });
    expect((await invoiceNow(database, order.orderId)).version).toBe(1n);
  });

  it('refuses a line of which nothing is left', async () => {
    const order = anOrder();
    await heard.confirmed(order);
    await credit(order, [[0]]);
    expect(await credit(order, [[0]])).toMatchObject({ status: 422, problem: { code: 'nothing-to-credit' } });
  });

  it("turns the paid part into the customer's credit, from revenue first", async () => {
    const order = anOrder();
    await heard.confirmed(order);
    const paid = await pay(database, order.orderId, 1190n);
    await heard.shipped(order, [600n]);
    const credited = await credit(order, [[0, 700]]);
    expect(credited.events?.at(-1)).toMatchObject({
      data: {
        lines: [
          { account: 'DEFERRED_REVENUE', side: 'DEBIT', amount: eur(100n) },
          { account: 'REVENUE', side: 'DEBIT', amount: eur(600n) },
          { account: 'TAX', side: 'DEBIT', amount: eur(133n) },
          { account: 'CUSTOMER_CREDIT', side: 'CREDIT', amount: eur(833n) },
        ],
      },
    });
    if (paid.status !== 201) throw new Error('not paid');
    expect(await paymentNow(paid.body.paymentId)).toMatchObject({ applied: 357n, captured: 1190n });
    // the rest of the line ships, but most of it was credited
    expect((await heard.shipped(order, [400n])).events).toMatchObject([
      { data: { lines: [{ amount: eur(300n) }, {}] } },
    ]);
  });

  it('that leaves nothing to pay makes the invoice paid', async () => {
    const order = anOrder();
    await heard.confirmed(order);
    await pay(database, order.orderId, 714n);
    expect(typesOf(await credit(order, [[0, 400]]))).toEqual(['InvoiceCredited', 'InvoicePaid', 'JournalPosted']);
  });

  it('sent twice at once credits once', async () => {
    const order = anOrder();
    await heard.confirmed(order);
    const both = await Promise.allSettled([credit(order, [[0, 600]]), credit(order, [[0, 600]])]);
    expect(both.filter(isDone)).toHaveLength(1);
    expect((await invoiceNow(database, order.orderId)).lines[0]?.creditedNet).toBe(600n);
  });
});

describe('requestRefund', () => {
  it('sets the credit aside and asks for an approval', async () => {
    const { paymentId } = await paidWithCredit();
    const asked = await refund(paymentId, 1810);
    expect(asked).toMatchObject({ status: 201, body: { state: 'PENDING_APPROVAL', automatic: false } });
    expect(asked.events).toMatchObject([
      {
        type: 'RefundRequested',
        data: { automatic: false, version: 1n, requesterId: 'finance-1', amount: eur(1810n) },
      },
    ]);
    expect(await refund(paymentId, 1)).toMatchObject({ status: 422, problem: { code: 'refund-over-credit' } });
  });

  it.each([
    ['money that pays an invoice', 1811, 'EUR', 'refund-over-credit'],
    ['another currency', 1, 'USD', 'currency-mismatch'],
  ])('refuses %s', async (_what, amount, currency, code) => {
    const { paymentId } = await paidWithCredit();
    expect(await refund(paymentId, amount, currency)).toMatchObject({ status: 422, problem: { code } });
  });

  it('twice at once never has more than there is', async () => {
    const { paymentId } = await paidWithCredit();
    const both = await Promise.allSettled([refund(paymentId, 1000), refund(paymentId, 1000)]);
    expect(both.filter(isDone)).toHaveLength(1);
    expect(await paymentNow(paymentId)).toMatchObject({ refunded: 1000n });
  });

  it('of two different versions, one of which is stale, changes nothing for that one', async () => {
    const { paymentId } = await paidWithCredit();
    const params = { paymentId };
    const body = { amount: { amountMinor: 1, currency: 'EUR' }, note: 'x' };
    await expect(
      database.transaction((tx) => requestRefund(ports)({ params, body, ifMatch: 9n, ctx: aCtx() }, tx)),
    ).rejects.toMatchObject({ code: 'ATLAS_VERSION_CONFLICT' });
  });
});

describe('a refund', () => {
  it('that is approved is submitted, and paid back by hand if its payment was manual', async () => {
    const { refund: asked, paymentId } = await requested();
    expect(await grant(asked.refundId, asked)).toEqual({ events: [], effects: [] });
    const submitted = await refundNow(asked.refundId);
    expect(submitted.state).toBe('SUBMITTED');
    const settle = (ifMatch: bigint) =>
      database.transaction((tx) =>
        recordManualRefund(ports)(
          { params: { refundId: asked.refundId }, body: { reference: 'bank 42' }, ifMatch, ctx: aCtx() },
          tx,
        ),
      );
    const paid = await settle(submitted.version);
    expect(paid.events).toMatchObject([
      { type: 'RefundSucceeded', data: { amount: eur(500n), providerRef: 'bank 42' } },
      { type: 'JournalPosted', data: { lines: [{ account: 'CUSTOMER_CREDIT' }, { account: 'BANK' }] } },
    ]);
    expect(await settle(submitted.version + 1n)).toMatchObject({ status: 409, problem: { code: 'refund-not-manual' } });
    expect(await paymentNow(paymentId)).toMatchObject({ refunded: 500n });
  });

  it.each([
    ['of another version', { version: 2n }],
    ['of another digest', { digest: '0'.repeat(64) }],
  ])('does not go on with an approval %s', async (_what, change) => {
    const { refund: asked } = await requested();
    expect(await grant(asked.refundId, { ...asked, ...change })).toEqual({ events: [], noop: 'PENDING_APPROVAL' });
    expect(await reject(asked.refundId, { ...asked, ...change })).toEqual({ events: [], noop: 'PENDING_APPROVAL' });
  });

  it('is decided once, and a decision about something else does nothing', async () => {
    const { refund: asked } = await requested();
    await grant(asked.refundId, asked);
    expect(await grant(asked.refundId, asked)).toEqual({ events: [], noop: 'SUBMITTED' });
    expect(await reject(asked.refundId, asked)).toEqual({ events: [], noop: 'SUBMITTED' });
    expect(await grant(randomUUID(), asked)).toEqual({ events: [], noop: 'UNKNOWN' });
  });

  it('that is rejected gives the credit back', async () => {
    const { refund: asked, paymentId } = await requested(1810);
    expect(await reject(asked.refundId, asked)).toEqual({ events: [], effects: [] });
    expect(await refund(paymentId, 1810)).toMatchObject({ status: 201 });
  });

  it('that is rejected after its order was cancelled is paid back nevertheless', async () => {
    const { refund: asked, order } = await requested(1810);
    const cancelled = await heard.cancelled(order.orderId);
    expect(cancelled.events.at(-1)).toMatchObject({ type: 'RefundRequested', data: { amount: eur(1190n) } });
    const rejected = await reject(asked.refundId, asked);
    expect(rejected.events).toMatchObject([{ data: { amount: eur(1810n), automatic: true } }]);
    expect(stateOf(await invoiceNow(database, order.orderId))).toBe('CREDITED');
  });
});

type NewJournal = Parameters<ReturnType<typeof postManualJournal>>[0]['body'];
const line = (account: 'FEES' | 'BANK' | 'AR', side: 'DEBIT' | 'CREDIT', amountMinor = 500, currency = 'EUR') => ({
  account,
  side,
  amount: { amountMinor, currency },
});
const fee: NewJournal = {
  description: 'The bank took its fee',
  effectiveDate: new Date().toISOString().slice(0, 10),
  lines: [line('FEES', 'DEBIT'), line('BANK', 'CREDIT')],
};
const ask = (change: Partial<NewJournal> = {}, ctx = aCtx()) =>
  database.transaction((tx) => postManualJournal(ports)({ body: { ...fee, ...change }, ctx }, tx));

async function askedJournal(change: Partial<NewJournal> = {}, ctx = aCtx()) {
  const asked = await ask(change, ctx);
  if (asked.status !== 201) throw new Error('not requested');
  return asked.body;
}

describe('a journal by hand', () => {
  it('is posted once it is approved, exactly as it was requested', async () => {
    const asked = await ask();
    expect(asked.events).toMatchObject([{ type: 'ManualJournalRequested', data: { total: eur(500n), version: 1n } }]);
    if (asked.status !== 201) throw new Error('not requested');
    const { journalId, digest } = asked.body;
    expect(await grant(journalId, { version: 2n, digest }, 'JOURNAL')).toEqual({ events: [], noop: 'REQUESTED' });
    expect(await grant(journalId, { version: 1n, digest }, 'JOURNAL')).toMatchObject({
      events: [
        {
          type: 'JournalPosted',
          data: { journalId, kind: 'MANUAL', lines: [{ account: 'FEES' }, { account: 'BANK' }] },
        },
      ],
    });
    expect(await grant(journalId, { version: 1n, digest }, 'JOURNAL')).toEqual({ events: [], noop: 'POSTED' });
  });

  it('that is rejected is not posted', async () => {
    const { journalId, digest } = await askedJournal();
    expect(await reject(journalId, { version: 1n, digest }, 'JOURNAL')).toEqual({ events: [] });
    expect(await grant(journalId, { version: 1n, digest }, 'JOURNAL')).toEqual({ events: [], noop: 'REJECTED' });
  });

  it.each<[string, Partial<NewJournal>, string]>([
    ['is out of balance', { lines: [line('FEES', 'DEBIT'), line('BANK', 'CREDIT', 499)] }, 'journal-unbalanced'],
    ['has two currencies', { lines: [line('FEES', 'DEBIT'), line('BANK', 'CREDIT', 500, 'USD')] }, 'currency-mismatch'],
    [
      'has a currency that is not in use',
      { lines: [line('FEES', 'DEBIT', 500, 'ZZZ'), line('BANK', 'CREDIT', 500, 'ZZZ')] },
      'currency-unknown',
    ],
    [
      'names an account that others add up to',
      { lines: [line('AR', 'DEBIT'), line('BANK', 'CREDIT')] },
      'account-controlled',
    ],
    ['is of a day to come', { effectiveDate: '2199-12-31' }, 'date-in-future'],
  ])('is refused if it %s', async (_what, change, code) => {
    expect(await ask(change)).toMatchObject({ status: 422, problem: { code } });
  });
});

describe('a period', () => {
  const close = (period: string, ifMatch: bigint, now: Date) =>
    database.transaction((tx) => closePeriod(ports)({ params: { period }, ifMatch, ctx: aCtx(now) }, tx));

  it('is closed once, when it is over, and lists what is not posted; later journals go into the open one', async () => {
    const then = new Date('2020-03-10T12:00:00.000Z');
    const order = anOrder([[1000n, 190n]], { confirmedAt: microsOf(then) });
    expect((await heard.confirmed(order, aCtx(then))).events.at(-1)).toMatchObject({ data: { period: '2020-03' } });
    const waiting = await askedJournal({ effectiveDate: '2020-03-05' }, aCtx(then));

    expect(await close('2020-03', 1n, then)).toMatchObject({ status: 409, problem: { code: 'period-not-over' } });
    const later = new Date('2020-04-02T12:00:00.000Z');
    expect(await close('2020-03', 1n, later)).toMatchObject({
      status: 200,
      body: { state: 'CLOSED', closedBy: 'finance-1', unposted: { manualJournals: [waiting.journalId], refunds: [] } },
    });
    expect(await close('2020-03', 2n, later)).toMatchObject({ status: 409, problem: { code: 'period-closed' } });
    await expect(close('2020-03', 1n, later)).rejects.toMatchObject({ code: 'ATLAS_VERSION_CONFLICT' });
    expect(await close('2020-02', 2n, later)).toMatchObject({ status: 409, problem: { code: 'period-closed' } });

    const shipped = await heard.shipped(order, [1000n], { shippedAt: microsOf(then) });
    expect(shipped.events).toMatchObject([{ data: { effectiveDate: '2020-03-10', period: '2020-04' } }]);
    expect(await grant(waiting.journalId, { version: 1n, digest: waiting.digest }, 'JOURNAL')).toMatchObject({
      events: [{ data: { effectiveDate: '2020-03-05', period: '2020-04' } }],
    });
    expect(await ask({ effectiveDate: '2020-03-31' })).toMatchObject({
      status: 422,
      problem: { code: 'period-closed' },
    });
  });
});
