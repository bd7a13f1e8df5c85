import { randomUUID } from 'node:crypto';
import { sql } from 'slonik';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { OnProviderEvent } from '@atlas/generated-billing';
import { slonikOf } from '@atlas/runtime/slonik';
import { microsOf } from '@atlas/runtime/time';
import { createIntent, submitRefund } from '../src/app/askProvider.ts';
import { fetchSettlement } from '../src/app/fetchSettlement.ts';
import { hearIntent } from '../src/app/hearIntent.ts';
import { noteProviderEvent } from '../src/app/noteProviderEvent.ts';
import { onAskAgain } from '../src/app/onAskAgain.ts';
import { onProviderEvent } from '../src/app/onProviderEvent.ts';
import { recordManualRefund } from '../src/app/recordManualRefund.ts';
import { retryRefund } from '../src/app/retryRefund.ts';
import { runReconciliation } from '../src/app/runReconciliation.ts';
import { stateOf } from '../src/domain/invoice.ts';
import type { ReportLine } from '../src/domain/reconcile.ts';
import type { IntentSays, RefundSays } from '../src/domain/says.ts';
import { billingDatabase, type BillingDatabase } from './billingDatabase.ts';
import { billingService } from './billingService.ts';
import { aCtx, anOrder, collecting, eur, hears, invoiceNow, pay } from './scene.ts';

let database: BillingDatabase;
let heard: ReturnType<typeof hears>;
beforeAll(async () => {
  database = await billingDatabase(`billing_provider_${process.pid}`);
  heard = hears(database, collecting);
});
afterAll(() => database.close());
afterEach(() => database.mustTieOut());

const typesOf = ({ events }: { readonly events: readonly { readonly type: string }[] }) =>
  events.map(({ type }) => type);
const state = async (orderId: string) => stateOf(await invoiceNow(database, orderId));

/** An order over 11.90 EUR that the provider should collect. */
async function collected() {
  const order = anOrder();
  const { effects = [] } = await heard.confirmed(order);
  const [effect] = effects;
  if (effect?.start !== 'createIntent') throw new Error('the provider is not asked');
  return { order, orderId: order.orderId, paymentId: effect.key };
}

const says = (reference: string, change: Partial<IntentSays> = {}): IntentSays => ({
  providerRef: `pi_${reference.replaceAll('-', '').slice(8)}`,
  status: 'SUCCEEDED',
  amount: eur(1190n),
  reference,
  failure: null,
  saidAt: microsOf(new Date()),
  ...change,
});

/** The provider says something about an intent, as an answer or as a webhook. */
const hear = (one: IntentSays) => database.transaction((tx) => hearIntent(collecting, tx, aCtx(), one));

const work = (event: Partial<OnProviderEvent.Input['data']>) => {
  const data = { provider: 'psp', eventId: randomUUID(), intent: null, refund: null, payout: null, ...event };
  const timer = { key: data.eventId, at: new Date(), attempt: 1 };
  return database.transaction((tx) => onProviderEvent(collecting)({ data, timer, ctx: aCtx() }, tx));
};

const aRefund = (reference: string, change: Partial<RefundSays> = {}): RefundSays => ({
  providerRef: 're_1',
  status: 'SUCCEEDED',
  reference,
  failure: null,
  saidAt: microsOf(new Date()),
  ...change,
});

/** Runs the service until it has deleted old rows. The sequence of a key is the last one that it deletes. */
async function cleanTables(): Promise<void> {
  await database.asOwner(sql.unsafe`
    INSERT INTO atlas_sequence (topic, key, n, touched_at) VALUES ('test', '', 1, now() - interval '401 days')`);
  const service = await billingService('provider', database.url);
  try {
    const left = () =>
      database.read((read) =>
        slonikOf(read).oneFirst(sql.unsafe`
        SELECT count(*)::integer FROM atlas_sequence WHERE topic = 'test'`),
      );
    await expect.poll(left).toBe(0);
  } finally {
    await service.stop();
  }
}

async function payment(paymentId: string) {
  return database.read((read) => collecting.payments.read(read, paymentId));
}

describe('a confirmed order', () => {
  it('is collected by the provider, once, if it must be paid before it ships', async () => {
    const { orderId, paymentId } = await collected();
    expect(await payment(paymentId)).toMatchObject({ state: 'PENDING', orderId, amount: 1190n, captured: 0n });
    const later = await heard.confirmed(anOrder([[1n, 0n]], { terms: 'NET_30' }));
    expect(later.effects).toBeUndefined();
  });
});

describe("the provider's answer and its webhook", () => {
  it.each([
    ['the answer first', [says('x', { status: 'AWAITING' }), says('x')]],
    ['the webhook first, before the id of the intent is stored', [says('x'), says('x', { status: 'AWAITING' })]],
    ['the webhook twice', [says('x'), says('x')]],
  ])('pay the invoice once: %s', async (_what, said) => {
    const { orderId, paymentId } = await collected();
    const events = [];
    for (const one of said) events.push(...typesOf(await hear({ ...says(paymentId), status: one.status })));
    expect(events).toEqual(['PaymentSucceeded', 'InvoicePaid', 'JournalPosted']);
    expect(await state(orderId)).toBe('PAID');
    expect(await payment(paymentId)).toMatchObject({ state: 'SUCCEEDED', captured: 1190n, applied: 1190n });
  });

  it('at the same time pay the invoice once', async () => {
    const { paymentId } = await collected();
    const both = await Promise.all([hear(says(paymentId)), hear(says(paymentId))]);
    expect(both.filter(({ noop }) => noop === 'SUCCEEDED')).toHaveLength(1);
  });
});

describe('a decline', () => {
  it('that may be repeated leaves the invoice open', async () => {
    const { orderId, paymentId } = await collected();
    const declined = await hear(says(paymentId, { status: 'AWAITING', failure: 'insufficient-funds' }));
    expect(declined.events).toMatchObject([
      { type: 'PaymentFailed', data: { final: false, reason: 'DECLINED' } },
      { type: 'InvoicePaymentFailed', data: { final: false } },
    ]);
    expect(await state(orderId)).toBe('OPEN');
    expect(typesOf(await hear(says(paymentId)))).toContain('InvoicePaid');
  });

  it.each([
    ['FAILED', 'DECLINED', {}],
    ['CANCELLED', 'EXPIRED', {}],
    ['FAILED', 'PROVIDER_ERROR', { providerRef: '' }],
  ] as const)(
    'for good (%s, %s) ends the collection, and money that comes nevertheless is recorded',
    async (status, reason, change) => {
      const { orderId, paymentId } = await collected();
      const failed = await hear(says(paymentId, { status, failure: 'card-blocked', ...change }));
      expect(failed.events).toMatchObject([{ data: { final: true, reason } }, { data: { final: true, reason } }]);
      expect(await state(orderId)).toBe('COLLECTION_FAILED');
      expect(await hear(says(paymentId, { status, failure: 'card-blocked' }))).toEqual({ events: [], noop: 'FAILED' });
      expect(typesOf(await hear(says(paymentId)))).toEqual(['PaymentSucceeded', 'InvoicePaid', 'JournalPosted']);
      expect(await state(orderId)).toBe('PAID');
    },
  );

  it('after the money came changes nothing', async () => {
    const { paymentId } = await collected();
    await hear(says(paymentId));
    expect(await hear(says(paymentId, { status: 'FAILED' }))).toEqual({ events: [], noop: 'SUCCEEDED' });
  });
});

describe('a cancelled order', () => {
  it("is no longer collected, even if the intent's id becomes known only later", async () => {
    const early = await collected();
    expect(await heard.cancelled(early.orderId)).toMatchObject({ effects: [] });
    const answered = await hear(says(early.paymentId, { status: 'AWAITING' }));
    expect(answered.effects).toMatchObject([{ start: 'cancelIntent', key: early.paymentId }]);

    const late = await collected();
    await hear(says(late.paymentId, { status: 'AWAITING' }));
    expect(await heard.cancelled(late.orderId)).toMatchObject({ effects: [{ start: 'cancelIntent' }] });
    expect(await hear(says(late.paymentId, { status: 'CANCELLED' }))).toEqual({ events: [], noop: 'CANCELLED' });
  });

  it('that is paid nevertheless gets its money back from the provider', async () => {
    const { orderId, paymentId } = await collected();
    await heard.cancelled(orderId);
    const late = await hear(says(paymentId));
    expect(typesOf(late)).toEqual(['PaymentSucceeded', 'PaymentUnapplied', 'RefundRequested', 'JournalPosted']);
    const [refund] = late.effects ?? [];
    if (refund?.start !== 'submitRefund') throw new Error('the provider is not asked to pay back');
    const paid = await work({ refund: aRefund(refund.key) });
    expect(typesOf(paid)).toEqual(['RefundSucceeded', 'JournalPosted']);
    expect(await work({ refund: aRefund(refund.key) })).toEqual({ events: [], noop: 'SUCCEEDED' });
    expect(await payment(paymentId)).toMatchObject({ captured: 1190n, applied: 0n, refunded: 1190n });
  });
});

describe('an invoice that somebody pays by hand', () => {
  it('is no longer collected, and the money of the provider goes back', async () => {
    const { orderId, paymentId } = await collected();
    await hear(says(paymentId, { status: 'AWAITING' }));
    expect(await pay(database, orderId, 1190n)).toMatchObject({ effects: [{ start: 'cancelIntent', key: paymentId }] });
    expect(typesOf(await hear(says(paymentId)))).toEqual([
      'PaymentSucceeded',
      'PaymentUnapplied',
      'RefundRequested',
      'JournalPosted',
    ]);
  });
});

describe('a charge that nobody asked for', () => {
  it.each([
    ['with a reference of somebody else', 'INV-2026-000017'],
    ['with the id of a payment that does not exist', randomUUID()],
  ])('%s is kept as unapplied, once', async (_what, reference) => {
    const charge = says(reference, { providerRef: `pi_${randomUUID()}` });
    expect(typesOf(await hear(charge))).toEqual(['PaymentSucceeded', 'PaymentUnapplied', 'JournalPosted']);
    expect(await hear(charge)).toEqual({ events: [], noop: 'SUCCEEDED' });
    expect(await hear({ ...charge, providerRef: 'pi_other', status: 'FAILED' })).toEqual({
      events: [],
      noop: 'UNKNOWN',
    });
  });

  it('for a payment that came in already is another payment', async () => {
    const { paymentId } = await collected();
    await hear(says(paymentId));
    const second = await hear(says(paymentId, { providerRef: `pi_${randomUUID()}` }));
    expect(typesOf(second)).toEqual(['PaymentSucceeded', 'PaymentUnapplied', 'JournalPosted']);
  });
});

describe('an event of the provider', () => {
  it('is handled once, even if it comes twice at once, and again three days and a clean-up later', async () => {
    const { paymentId } = await collected();
    const event = { provider: 'psp', eventId: randomUUID(), intent: says(paymentId), refund: null, payout: null };
    const note = (now: Date) =>
      database.transaction((tx) => noteProviderEvent(collecting.providerEvents, tx, now, event));
    const threeDaysAgo = new Date(Date.now() - 3 * 86_400_000);
    const both = (await Promise.all([note(threeDaysAgo), note(threeDaysAgo)])).flat();
    expect(both).toMatchObject([{ set: 'providerEvent', key: `psp/${event.eventId}` }]);
    await cleanTables();
    expect(await note(new Date())).toEqual([]);
  });

  it("in a currency other than the payment's is not recorded as if it were the same", async () => {
    const { paymentId } = await collected();
    await expect(hear(says(paymentId, { amount: { amountMinor: 1190n, currency: 'USD' } }))).rejects.toThrow(
      'USD came in',
    );
  });

  it('about a payout posts the bank and the fees, once', async () => {
    const { paymentId } = await collected();
    await hear(says(paymentId));
    const payout = { providerRef: 'po_1', amount: eur(1150n), fees: eur(40n), saidAt: microsOf(new Date()) };
    expect((await work({ payout })).events).toMatchObject([
      {
        data: {
          lines: [
            { account: 'BANK', side: 'DEBIT', amount: eur(1150n) },
            { account: 'FEES', side: 'DEBIT', amount: eur(40n) },
            { account: 'PSP_CLEARING', side: 'CREDIT', amount: eur(1190n) },
          ],
        },
      },
    ]);
    expect(await work({ payout })).toEqual({ events: [], noop: 'POSTED' });
  });
});

describe('a provider that does not answer', () => {
  const call = (attempt: number) => ({
    key: 'k',
    idempotencyKey: 'k',
    correlationId: 'c',
    attempt,
    signal: new AbortController().signal,
  });

  it('is asked again in the effect, and later after it, until it answers', async () => {
    const { paymentId } = await collected();
    const effect = createIntent(collecting);
    const data = { paymentId, amount: eur(1190n), description: 'Order' };
    await expect(effect.perform({ data, call: call(5) })).rejects.toThrow('it does not answer');
    const outcome = await effect.perform({ data, call: call(6) });
    const again = await database.transaction((tx) => effect.settle({ data, outcome, key: paymentId, ctx: aCtx() }, tx));
    expect(again).toMatchObject({ events: [], timers: [{ set: 'askAgain', key: paymentId, data: { paymentId } }] });
    const timer = { key: paymentId, at: new Date(), attempt: 1 };
    const ask = () =>
      database.transaction((tx) => onAskAgain(collecting)({ data: { paymentId }, timer, ctx: aCtx() }, tx));
    expect(await ask()).toMatchObject({ effects: [{ start: 'createIntent', key: paymentId }] });
    await hear(says(paymentId));
    expect(await ask()).toEqual({ events: [], noop: 'SUCCEEDED' });
  });

  it('may have paid a refund, so the next try has the same key, and nobody pays it by hand meanwhile', async () => {
    const { orderId, paymentId } = await collected();
    await hear(says(paymentId));
    const { effects = [] } = await heard.cancelled(orderId);
    const [effect] = effects;
    if (effect?.start !== 'submitRefund') throw new Error('the provider is not asked to pay back');
    const refunding = submitRefund(collecting);
    const outcome = await refunding.perform({ data: effect.data, call: call(6) });
    const failed = await database.transaction((tx) =>
      refunding.settle({ data: effect.data, outcome, key: effect.key, ctx: aCtx() }, tx),
    );
    expect(failed.events).toMatchObject([
      { type: 'RefundFailed', data: { reason: expect.stringContaining('may have paid') } },
    ]);

    const params = { refundId: effect.key };
    const byHand = await database.transaction((tx) =>
      recordManualRefund(collecting)({ params, body: { reference: 'bank' }, ifMatch: 2n, ctx: aCtx() }, tx),
    );
    expect(byHand).toMatchObject({ status: 409, problem: { code: 'refund-not-manual' } });
    const again = (ifMatch: bigint) =>
      database.transaction((tx) => retryRefund(collecting)({ params, ifMatch, ctx: aCtx() }, tx));
    expect(await again(2n)).toMatchObject({ status: 200, effects: [{ data: { idempotencyKey: `${effect.key}/0` } }] });
    expect(await again(3n)).toMatchObject({ status: 409, problem: { code: 'refund-not-failed' } });
    // the provider says that it did not pay: the next try needs another key
    await work({ refund: aRefund(effect.key, { status: 'FAILED', failure: 'account-closed' }) });
    expect(await again(4n)).toMatchObject({ effects: [{ data: { idempotencyKey: `${effect.key}/1` } }] });
    await work({ refund: aRefund(effect.key, { status: 'FAILED', failure: 'account-closed' }) });
    const paid = await database.transaction((tx) =>
      recordManualRefund(collecting)({ params, body: { reference: 'bank' }, ifMatch: 6n, ctx: aCtx() }, tx),
    );
    expect(paid).toMatchObject({ status: 200, body: { state: 'SUCCEEDED', providerRef: 'bank' } });
    // the provider still has the money, so its account must not change
    expect(paid).toMatchObject({
      events: [
        { type: 'RefundSucceeded' },
        { type: 'JournalPosted', data: { lines: [{ account: 'CUSTOMER_CREDIT' }, { account: 'BANK' }] } },
      ],
    });
  });
});

describe('a reconciliation', () => {
  const today = new Date().toISOString().slice(0, 10);
  const entry = (change: Partial<ReportLine>): ReportLine => ({
    kind: 'CHARGE',
    entryId: randomUUID(),
    providerRef: `pi_${randomUUID()}`,
    reference: '',
    amount: eur(1190n),
    payoutRef: null,
    at: microsOf(new Date()),
    ...change,
  });

  /** Begins a run over today. `settled` settles it with a report of these entries. */
  async function begun(entries: readonly ReportLine[]) {
    const ctx = aCtx();
    const body = { from: today, to: today };
    const run = await database.transaction((tx) => runReconciliation(collecting)({ body, ctx }, tx));
    const [effect] = run.status === 201 ? (run.effects ?? []) : [];
    if (effect?.start !== 'fetchSettlement') throw new Error('the report is not read');
    const settlement = { ...effect, outcome: { entries }, ctx };
    return {
      settled: () => database.transaction((tx) => fetchSettlement(collecting).settle(settlement, tx)),
      run: () => database.read((read) => collecting.reconciliations.read(read, effect.key)),
    };
  }

  it('finds a charge that only the provider knows, and records it', async () => {
    const { orderId, paymentId } = await collected();
    const missed = entry({ reference: paymentId });
    const { settled, run: read } = await begun([missed]);
    const { timers = [] } = await settled();
    expect(await settled()).toEqual({ events: [], noop: 'DONE' });
    const run = await read();
    expect(run).toMatchObject({ state: 'DONE', entries: 1n });
    expect(run?.findings).toContainEqual(
      expect.objectContaining({ kind: 'CHARGE_UNKNOWN', reference: missed.providerRef }),
    );
    const [timer] = timers;
    if (!timer || !('data' in timer) || !('intent' in timer.data)) throw new Error('nothing is worked off');
    expect(typesOf(await work(timer.data))).toEqual(['PaymentSucceeded', 'InvoicePaid', 'JournalPosted']);
    expect(await state(orderId)).toBe('PAID');
  });

  it('finds what only the books have: charges, refunds and payouts, but no refund that a person paid', async () => {
    const { orderId, paymentId } = await collected();
    await hear(says(paymentId));
    const [refund] = (await heard.cancelled(orderId)).effects ?? [];
    await work({ refund: aRefund(refund?.key ?? '', { providerRef: 're_here' }) });
    const { settled, run } = await begun([]);
    await settled();
    const found = (await run())?.findings.map(({ kind, reference }) => `${kind} ${reference}`);
    expect(found).toContain(`CHARGE_NOT_REPORTED ${says(paymentId).providerRef}`);
    expect(found).toEqual(expect.arrayContaining(['REFUND_NOT_REPORTED re_here', 'PAYOUT_NOT_REPORTED po_1']));
    expect(found).not.toContain('REFUND_NOT_REPORTED bank');
  });

  it.each([
    ['in the wrong order', '2026-02-02', '2026-02-01'],
    ['that are too many', '2026-01-01', '2026-02-01'],
    ['to come', today, '2199-12-31'],
  ])('refuses days %s', async (_what, from, to) => {
    expect(
      await database.transaction((tx) => runReconciliation(collecting)({ body: { from, to }, ctx: aCtx() }, tx)),
    ).toMatchObject({ status: 422, problem: { code: 'days-invalid' } });
  });
});
