import { randomUUID } from 'node:crypto';
import { sql } from 'slonik';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { slonikOf } from '@atlas/runtime/slonik';
import { openOf, stateOf } from '../src/domain/invoice.ts';
import { billingDatabase, type BillingDatabase } from './billingDatabase.ts';
import { aCtx, anOrder, eur, hears, invoiceNow, pay, ports } from './scene.ts';

/** PostgreSQL, appendix A. */
const INSUFFICIENT_PRIVILEGE = '42501';

let database: BillingDatabase;
let heard: ReturnType<typeof hears>;
beforeAll(async () => {
  database = await billingDatabase(`billing_saga_${process.pid}`);
  heard = hears(database);
});
afterAll(() => database.close());
afterEach(() => database.mustTieOut());

const typesOf = ({ events = [] }: { readonly events?: readonly { readonly type: string }[] }) =>
  events.map(({ type }) => type);
const state = async (orderId: string) => stateOf(await invoiceNow(database, orderId));
/** The lines of the journal that a result posts, as `ACCOUNT DEBIT 12`. */
const posted = ({ events = [] }: { readonly events?: readonly { readonly type: string; readonly data: unknown }[] }) =>
  events
    .filter(({ type }) => type === 'JournalPosted')
    .flatMap(({ data }) => (isJournal(data) ? data.lines : []))
    .map(({ account, side, amount }) => `${account} ${side} ${amount.amountMinor}`);
interface Lines {
  readonly lines: readonly {
    readonly account: string;
    readonly side: string;
    readonly amount: { readonly amountMinor: bigint };
  }[];
}
const isJournal = (data: unknown): data is Lines => typeof data === 'object' && data !== null && 'lines' in data;

describe('an order that is paid by hand and shipped', () => {
  it('is invoiced, paid, and its revenue recognised to the last minor unit', async () => {
    const order = anOrder([
      [1000n, 190n],
      [333n, 63n],
    ]);
    const issued = await heard.confirmed(order);
    expect(typesOf(issued)).toEqual(['InvoiceIssued', 'JournalPosted']);
    expect(posted(issued)).toEqual(['AR DEBIT 1586', 'DEFERRED_REVENUE CREDIT 1333', 'TAX CREDIT 253']);

    expect(typesOf(await pay(database, order.orderId, 586n))).toEqual(['PaymentSucceeded', 'JournalPosted']);
    expect(await state(order.orderId)).toBe('PARTIALLY_PAID');
    const paid = await pay(database, order.orderId, 1000n);
    expect(typesOf(paid)).toEqual(['PaymentSucceeded', 'InvoicePaid', 'JournalPosted']);
    expect(posted(paid)).toEqual(['BANK DEBIT 1000', 'AR CREDIT 1000']);

    const first = await heard.shipped(order, [333n, 111n]);
    expect(posted(first)).toEqual(['DEFERRED_REVENUE DEBIT 444', 'REVENUE CREDIT 444']);
    expect(posted(await heard.shipped(order, [667n, 222n]))).toEqual([
      'DEFERRED_REVENUE DEBIT 889',
      'REVENUE CREDIT 889',
    ]);
    expect(await heard.fulfilled(order.orderId)).toEqual({ events: [], noop: 'PAID' });
    expect((await invoiceNow(database, order.orderId)).lines.map(({ recognised }) => recognised)).toEqual([
      1000n,
      333n,
    ]);
  });

  it('is invoiced once, and each shipment is recognised once, even if Orders reports it twice', async () => {
    const order = anOrder();
    await heard.confirmed(order);
    expect(await heard.confirmed(order)).toEqual({ events: [], noop: 'OPEN' });
    const shipmentId = randomUUID();
    await heard.shipped(order, [400n], { shipmentId });
    expect(await heard.shipped(order, [400n], { shipmentId })).toEqual({ events: [], noop: 'RECOGNISED' });
    expect((await invoiceNow(database, order.orderId)).lines[0]?.recognised).toBe(400n);
  });

  it('has its revenue recognised completely, even if its shipments are recorded at the same time', async () => {
    const order = anOrder();
    await heard.confirmed(order);
    await Promise.all(Array.from({ length: 10 }, () => heard.shipped(order, [100n])));
    const { lines, version } = await invoiceNow(database, order.orderId);
    expect({ recognised: lines[0]?.recognised, version }).toEqual({ recognised: 1000n, version: 11n });
  });

  it('that costs nothing is invoiced and paid at once, and posts nothing', async () => {
    const order = anOrder([[0n, 0n]]);
    expect(typesOf(await heard.confirmed(order))).toEqual(['InvoiceIssued', 'InvoicePaid']);
    expect(await heard.shipped(order, [0n])).toEqual({ events: [], noop: 'PAID' });
  });
});

describe('an order that is cancelled', () => {
  it('before it was confirmed has nothing to credit', async () => {
    expect(await heard.cancelled(randomUUID())).toEqual({ events: [], noop: 'NOT_INVOICED' });
  });

  it('before it was paid is credited, once', async () => {
    const order = anOrder();
    await heard.confirmed(order);
    const credited = await heard.cancelled(order.orderId);
    expect(typesOf(credited)).toEqual(['InvoiceCredited', 'JournalPosted']);
    expect(posted(credited)).toEqual(['DEFERRED_REVENUE DEBIT 1000', 'TAX DEBIT 190', 'AR CREDIT 1190']);
    expect(await heard.cancelled(order.orderId)).toEqual({ events: [], noop: 'CREDITED' });
    expect(await state(order.orderId)).toBe('CREDITED');
  });

  it('after it was paid is credited, and everything that came in goes back', async () => {
    const order = anOrder();
    await heard.confirmed(order);
    await pay(database, order.orderId, 190n);
    await pay(database, order.orderId, 1100n, { keepExcess: true });
    const credited = await heard.cancelled(order.orderId);
    expect(typesOf(credited)).toEqual(['InvoiceCredited', 'JournalPosted', 'RefundRequested', 'RefundRequested']);
    expect(posted(credited)).toEqual(['DEFERRED_REVENUE DEBIT 1000', 'TAX DEBIT 190', 'CUSTOMER_CREDIT CREDIT 1190']);
    expect(credited.events.slice(2)).toMatchObject([
      { data: { amount: eur(190n), automatic: true, requesterId: 'atlas' } },
      { data: { amount: eur(1100n) } },
    ]);
  });

  it('and is paid afterwards gets its late money back', async () => {
    const order = anOrder();
    await heard.confirmed(order);
    await heard.cancelled(order.orderId);
    const late = await pay(database, order.orderId, 1190n);
    expect(typesOf(late)).toEqual(['PaymentSucceeded', 'PaymentUnapplied', 'RefundRequested', 'JournalPosted']);
    expect(posted(late)).toEqual(['BANK DEBIT 1190', 'CUSTOMER_CREDIT CREDIT 1190']);
    expect(late).toMatchObject({
      status: 201,
      version: 2n,
      body: { captured: { amountMinor: 1190 }, credit: { amountMinor: 0 } },
    });
  });
});

describe('an order whose remainder was cancelled', () => {
  it('is credited for what did not ship, and that is paid back', async () => {
    const order = anOrder([[1000n, 190n]]);
    await heard.confirmed(order);
    await pay(database, order.orderId, 1190n);
    await heard.shipped(order, [700n]);
    const [line] = order.lines;
    const cancelled = [{ lineId: line?.lineId ?? '', qty: 3n, net: eur(300n), tax: eur(57n) }];
    const ended = await heard.fulfilled(order.orderId, cancelled);
    expect(typesOf(ended)).toEqual(['InvoiceCredited', 'JournalPosted', 'RefundRequested']);
    expect(posted(ended)).toEqual(['DEFERRED_REVENUE DEBIT 300', 'TAX DEBIT 57', 'CUSTOMER_CREDIT CREDIT 357']);
    expect(await heard.fulfilled(order.orderId, [])).toEqual({ events: [], noop: 'PAID' });
  });

  it('and was not paid has only the rest to pay', async () => {
    const order = anOrder([[1000n, 190n]], { terms: 'NET_30' });
    await heard.confirmed(order);
    const [line] = order.lines;
    await heard.fulfilled(order.orderId, [{ lineId: line?.lineId ?? '', qty: 3n, net: eur(300n), tax: eur(57n) }]);
    expect(openOf(await invoiceNow(database, order.orderId))).toBe(833n);
  });
});

describe('an event that does not fit', () => {
  it('is refused as a whole, and uses no number', async () => {
    const wrong = anOrder([[1000n, 190n]], { total: eur(1n) });
    await expect(heard.confirmed(wrong)).rejects.toThrow('its lines do not add up to its total');
    const order = anOrder();
    await heard.confirmed(order);
    await expect(heard.shipped(anOrder(), [1n])).rejects.toThrow('has no invoice');
    await expect(
      heard.shipped(order, [], { lines: [{ lineId: randomUUID(), qty: 1n, net: eur(1n) }] }),
    ).rejects.toThrow('has no line');
  });
});

describe('numbers', () => {
  it('have no gap if a transaction that took one is rolled back, and none is given twice', async () => {
    const boom = new Error('rolled back');
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const taking = database.transaction(async (tx) => {
          await ports.numbers.next(tx, 'TEST');
          if (index % 3 === 0) throw boom;
          return ports.numbers.next(tx, 'TEST');
        });
        await taking.catch((error: unknown) => {
          if (error !== boom) throw error;
        });
      }),
    );
    const next = await database.transaction((tx) => ports.numbers.next(tx, 'TEST'));
    expect(next).toBe(27n);
    await database.asOwner(sql.unsafe`DELETE FROM number_series WHERE series = 'TEST'`);
  });
});

describe('the ledger', () => {
  const journal = (change: object = {}) => ({
    journalId: randomUUID(),
    kind: 'MANUAL' as const,
    reference: randomUUID(),
    effectiveDate: '2026-11-24',
    currency: 'EUR',
    postedAt: aCtx().now,
    entries: [
      { account: 'BANK', side: 'DEBIT', amount: 5n },
      { account: 'FEES', side: 'CREDIT', amount: 5n },
    ] as const,
    ...change,
  });

  it.each([
    [
      'that is out of balance',
      [
        { account: 'BANK', side: 'DEBIT', amount: 5n },
        { account: 'FEES', side: 'CREDIT', amount: 4n },
      ],
    ],
    ['with one line', [{ account: 'BANK', side: 'DEBIT', amount: 5n }]],
    ['without lines', []],
  ])('refuses a journal %s when it is committed', async (_what, entries) => {
    await expect(database.transaction((tx) => ports.ledger.post(tx, journal({ entries })))).rejects.toMatchObject({
      constraint: 'journal_is_balanced',
    });
  });

  it('refuses to post the same thing twice', async () => {
    const one = journal();
    await database.transaction((tx) => ports.ledger.post(tx, one));
    await expect(
      database.transaction((tx) => ports.ledger.post(tx, { ...one, journalId: randomUUID() })),
    ).rejects.toMatchObject({ constraint: 'journal_kind_reference_key' });
  });

  it('refuses more lines for a posted journal, even if they balance', async () => {
    const one = journal();
    await database.transaction((tx) => ports.ledger.post(tx, one));
    const more = sql.unsafe`INSERT INTO journal_line (journal_id, position, account, side, amount)
      VALUES (${one.journalId}, 3, 'BANK', 'DEBIT', 1), (${one.journalId}, 4, 'FEES', 'CREDIT', 1)`;
    await expect(database.transaction((tx) => slonikOf(tx).query(more))).rejects.toMatchObject({
      constraint: 'journal_line_is_new',
    });
  });

  it.each([
    ['changed', sql.unsafe`UPDATE journal_line SET amount = 1`],
    ['deleted', sql.unsafe`DELETE FROM journal`],
    ['emptied', sql.unsafe`TRUNCATE journal, journal_line`],
  ])('cannot be %s by the role of the service, nor by the one that owns it', async (_what, statement) => {
    await expect(database.transaction((tx) => slonikOf(tx).query(statement))).rejects.toMatchObject({
      code: INSUFFICIENT_PRIVILEGE,
    });
    await expect(database.asOwner(statement)).rejects.toMatchObject({ constraint: 'ledger_is_append_only' });
  });

  it.each([
    ['an invoice', sql.unsafe`UPDATE invoice SET total = 1`],
    ['a line', sql.unsafe`UPDATE invoice_line SET net = 1`],
    ['a credit note', sql.unsafe`DELETE FROM credit_note`],
    ['what a refund is about', sql.unsafe`UPDATE refund SET amount = 1`],
  ])('has sources that stay as they are: %s', async (_what, statement) => {
    await expect(database.transaction((tx) => slonikOf(tx).query(statement))).rejects.toMatchObject({
      code: INSUFFICIENT_PRIVILEGE,
    });
  });
});
