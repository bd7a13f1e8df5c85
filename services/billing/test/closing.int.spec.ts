import { sql } from 'slonik';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import { microsOf } from '@atlas/runtime/time';
import { closePeriod } from '../src/app/closePeriod.ts';
import { onOrderConfirmed } from '../src/app/onOrderConfirmed.ts';
import { postManualJournal } from '../src/app/postManualJournal.ts';
import type { Tx } from '../src/ports.ts';
import { billingDatabase, type BillingDatabase } from './billingDatabase.ts';
import { aCtx, aMeta, anOrder, ports } from './scene.ts';

let database: BillingDatabase;
beforeAll(async () => {
  database = await billingDatabase(`billing_closing_${process.pid}`);
});
afterAll(() => database.close());
afterEach(() => database.mustTieOut());

/** The month that a test closes, and the one after it. Each test has the next one, because none is opened again. */
let month = 0;
beforeEach(() => {
  month += 1;
});
const textOf = (number: number): string => `2020-${String(number).padStart(2, '0')}`;
const inMonth = () => new Date(`${textOf(month)}-10T12:00:00.000Z`);
const monthLater = () => aCtx(new Date(`${textOf(month + 1)}-02T12:00:00.000Z`));

const close = (tx: Tx) => closePeriod(ports)({ params: { period: textOf(month) }, ifMatch: 1n, ctx: monthLater() }, tx);

/** Posts the journal of an invoice, whose day is in the month. */
async function post(tx: Tx) {
  const data = anOrder([[1000n, 190n]], { confirmedAt: microsOf(inMonth()) });
  const { events } = await onOrderConfirmed(ports)({ data, meta: aMeta(), ctx: aCtx(inMonth()) }, tx);
  return events.at(-1);
}

const line = (account: 'FEES' | 'BANK', side: 'DEBIT' | 'CREDIT') => ({
  account,
  side,
  amount: { amountMinor: 500, currency: 'EUR' },
});

/** Requests a journal, whose day is in the month. */
function request(tx: Tx) {
  const lines = [line('FEES', 'DEBIT'), line('BANK', 'CREDIT')];
  const body = { description: 'The bank took its fee', effectiveDate: `${textOf(month)}-05`, lines };
  return postManualJournal(ports)({ body, ctx: monthLater() }, tx);
}

const balances = () => database.read((read) => ports.ledger.balances(read, textOf(month)));

const waiting = () =>
  database.read((read) =>
    slonikOf(read).one(sql.prepared('test.waiting', rows<{ readonly count: bigint }>())`
      SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`),
  );

/** Runs `first`, whose transaction stays open until that of `second` waits for a lock. */
async function overlapping<A, B>(
  first: (tx: Tx) => Promise<A>,
  second: (tx: Tx) => Promise<B>,
): Promise<readonly [PromiseSettledResult<A>, PromiseSettledResult<B>]> {
  const done = Promise.withResolvers<void>();
  const seen = Promise.withResolvers<void>();
  const one = database.transaction(async (tx) => {
    const result = await first(tx);
    done.resolve();
    await seen.promise;
    return result;
  });
  await Promise.race([done.promise, one]);
  const both = Promise.allSettled([one, database.transaction(second)]);
  try {
    await expect.poll(waiting).toEqual({ count: 1n });
  } finally {
    seen.resolve();
    await both;
  }
  return both;
}

describe('closing a period', () => {
  it('waits for a journal that is being posted, which is in its books', async () => {
    const [posted, closed] = await overlapping(post, close);
    expect(posted).toMatchObject({ value: { type: 'JournalPosted', data: { period: textOf(month) } } });
    expect(closed).toMatchObject({ value: { status: 200, body: { state: 'CLOSED' } } });
    const [before, after] = [textOf(month - 1), textOf(month)].map((upTo) =>
      database.read((read) => ports.ledger.balances(read, upTo)),
    );
    expect(await after).not.toEqual(await before);
  });

  it('lets a journal wait that is posted meanwhile, which goes into the open month', async () => {
    const before = await balances();
    const [closed, posted] = await overlapping(close, post);
    expect(closed).toMatchObject({ value: { status: 200 } });
    const effectiveDate = `${textOf(month)}-10`;
    expect(posted).toMatchObject({ value: { data: { effectiveDate, period: textOf(month + 1) } } });
    expect(await balances()).toEqual(before);
  });

  it('waits for a journal that is being requested, and lists it as not posted', async () => {
    const [requested, closed] = await overlapping(request, close);
    expect(requested).toMatchObject({ value: { status: 201 } });
    const journalId =
      requested.status === 'fulfilled' && requested.value.status === 201 && requested.value.body.journalId;
    expect(closed).toMatchObject({
      value: { status: 200, body: { unposted: { manualJournals: expect.arrayContaining([journalId]) } } },
    });
  });

  it('lets a journal wait that is requested meanwhile, which is refused', async () => {
    const [closed, requested] = await overlapping(close, request);
    expect(closed).toMatchObject({ value: { status: 200 } });
    expect(requested).toMatchObject({ value: { status: 422, problem: { code: 'period-closed' } } });
  });

  it('twice at once closes it once', async () => {
    const [first, second] = await overlapping(close, close);
    expect(first).toMatchObject({ value: { status: 200 } });
    expect(second).toMatchObject({ reason: { code: 'ATLAS_VERSION_CONFLICT' } });
  });
});
