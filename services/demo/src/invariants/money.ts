import type { JournalPosted } from '@atlas/generated-billing';
import { type EventLog, type Invariant, sum } from './log.ts';

/** The id that journals about an order refer to: its invoice, its payments, its shipments or its credit notes. */
function referencesOf(log: EventLog, orderId: string): ReadonlySet<string> {
  const isOf = (data: { readonly orderId: string | null }): boolean => data.orderId === orderId;
  return new Set([
    ...log
      .all('InvoiceIssued')
      .filter(isOf)
      .map(({ invoiceId }) => invoiceId),
    ...log
      .all('InvoiceCredited')
      .filter(isOf)
      .map(({ creditNoteId }) => creditNoteId),
    ...log
      .all('PaymentSucceeded')
      .filter(isOf)
      .map(({ paymentId }) => paymentId),
    ...log
      .all('RefundSucceeded')
      .filter(isOf)
      .map(({ refundId }) => refundId),
    ...log
      .all('OrderShipmentRecorded')
      .filter(isOf)
      .map(({ shipmentId }) => shipmentId),
  ]);
}

/** Debits minus credits in minor units, for each account that the journals name. */
export function balancesIn(journals: readonly JournalPosted[]): ReadonlyMap<string, bigint> {
  const byAccount = Map.groupBy(
    journals.flatMap(({ lines }) => lines),
    ({ account }) => account,
  );
  return new Map(
    [...byAccount].map(([account, lines]) => [
      account,
      sum(lines.map(({ side, amount }) => (side === 'DEBIT' ? amount.amountMinor : -amount.amountMinor))),
    ]),
  );
}

/** The balances of all journals about an order. */
export function balancesOf(log: EventLog, orderId: string): ReadonlyMap<string, bigint> {
  const references = referencesOf(log, orderId);
  return balancesIn(log.all('JournalPosted').filter(({ reference }) => references.has(reference)));
}

/** Debits minus credits of an account in all journals about an order. */
export function balanceOf(log: EventLog, orderId: string, account: string): bigint {
  return balancesOf(log, orderId).get(account) ?? 0n;
}

/** Orders that have ended and were invoiced. */
function endedOrders(log: EventLog): readonly string[] {
  const ended = [...log.all('OrderCancelled'), ...log.all('OrderFulfilled')].map(({ orderId }) => orderId);
  return ended.filter((orderId) => log.of('InvoiceIssued', orderId) !== undefined);
}

const totalsOf = (events: readonly { readonly amount: { readonly amountMinor: bigint } }[]): bigint =>
  sum(events.map(({ amount }) => amount.amountMinor));

export const MONEY: readonly Invariant[] = [
  {
    id: 'B1',
    promise: 'each journal has two lines at least, and its debits are its credits',
    broken: (log) =>
      log.all('JournalPosted').flatMap(({ journalId, lines }) => {
        const byCurrency = Map.groupBy(lines, ({ amount }) => amount.currency);
        const isBalanced = [...byCurrency.values()].every(
          (some) =>
            sum(some.map(({ side, amount }) => (side === 'DEBIT' ? amount.amountMinor : -amount.amountMinor))) === 0n,
        );
        return isBalanced && lines.length >= 2 ? [] : [`journal ${journalId} is out of balance`];
      }),
  },
  {
    id: 'B3',
    promise: 'no more is paid back than was paid',
    broken: (log) =>
      log
        .all('PaymentSucceeded')
        .filter(
          ({ paymentId, amount }) =>
            totalsOf(log.all('RefundSucceeded').filter((refund) => refund.paymentId === paymentId)) >
            amount.amountMinor,
        )
        .map(({ paymentId }) => `more than payment ${paymentId} was paid back`),
  },
  {
    id: 'B4',
    promise: 'a charge of the provider is one payment',
    broken: (log) => {
      const charges = Map.groupBy(
        log.all('PaymentSucceeded'),
        ({ provider, providerRef }) => `${provider} ${providerRef}`,
      );
      return [...charges].filter(([, all]) => all.length > 1).map(([charge]) => `${charge} is more than one payment`);
    },
  },
  {
    id: 'B5',
    promise: 'a cancelled order is credited in full, and all money went back, or a person has to pay it back',
    broken: (log) =>
      log.all('OrderCancelled').flatMap(({ orderId }) => {
        const isOf = (data: { readonly orderId: string | null }): boolean => data.orderId === orderId;
        const invoiced = log
          .all('InvoiceIssued')
          .filter(isOf)
          .map(({ total }) => total.amountMinor);
        const credited = log
          .all('InvoiceCredited')
          .filter(isOf)
          .map(({ total }) => total.amountMinor);
        const captured = totalsOf(log.all('PaymentSucceeded').filter(isOf));
        const refunded = totalsOf(log.all('RefundSucceeded').filter(isOf));
        const isLeftToAPerson = log.all('RefundFailed').some(isOf);
        const isEven = sum(invoiced) === sum(credited) && (captured === refunded || isLeftToAPerson);
        return isEven ? [] : [`order ${orderId} is cancelled, and somebody still owes something`];
      }),
  },
  {
    id: 'B6',
    promise: 'of an order that has ended, nothing is deferred and nobody owes anything',
    broken: (log) =>
      endedOrders(log).flatMap((orderId) =>
        ['DEFERRED_REVENUE', 'AR'].flatMap((account) => {
          const left = balanceOf(log, orderId, account);
          return left === 0n ? [] : [`${account} of order ${orderId} is ${left}`];
        }),
      ),
  },
  {
    id: 'B8',
    promise: 'the numbers of invoices have no gap',
    broken: (log) => {
      const series = Map.groupBy(log.all('InvoiceIssued'), ({ number }) => number.replace(/\d+$/, ''));
      return [...series].flatMap(([name, invoices]) => {
        const numbers = invoices.map(({ number }) => Number(number.slice(name.length))).toSorted((a, b) => a - b);
        return numbers.flatMap((number, index) =>
          number === (numbers[0] ?? 0) + index ? [] : [`after ${name}${numbers[index - 1]} comes ${name}${number}`],
        );
      });
    },
  },
];
