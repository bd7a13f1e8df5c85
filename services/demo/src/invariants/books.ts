import type { Account, Answers } from './answers.ts';
import { type Invariant, sum } from './log.ts';
import { balanceOf } from './money.ts';

/** Debits minus credits of an account, by currency. */
function balances(accounts: readonly Account[], name: string): ReadonlyMap<string, bigint> {
  const own = accounts.filter(({ account }) => account === name);
  return new Map(own.map(({ currency, debit, credit }) => [currency, BigInt(debit) - BigInt(credit)]));
}

/** The currencies in which two sums differ, in words. A missing sum is zero. */
function differences(
  what: string,
  one: ReadonlyMap<string, bigint>,
  other: ReadonlyMap<string, bigint>,
): readonly string[] {
  return [...new Set([...one.keys(), ...other.keys()])].flatMap((currency) => {
    const [first, second] = [one.get(currency) ?? 0n, other.get(currency) ?? 0n];
    return first === second ? [] : [`${what}: ${first} ${currency}, and not ${second}`];
  });
}

/** What the provider still keeps of charges and refunds. It deducts its fees from the payout. */
function heldByProvider({ report }: Answers): ReadonlyMap<string, bigint> {
  const counted = report.filter(({ type, payoutId }) => type !== 'fee' || payoutId !== undefined);
  const byCurrency = Map.groupBy(counted, ({ currency }) => currency);
  return new Map([...byCurrency].map(([currency, all]) => [currency, sum(all.map(({ amount }) => BigInt(amount)))]));
}

/** Compares the books with the invoices and with the report of the provider. */
export const BOOKS: readonly Invariant[] = [
  {
    id: 'B2',
    promise: 'what is open of invoices is never below zero, and is what AR has',
    broken: (log, { invoices, accounts, owed }) => [
      ...log.all('InvoiceIssued').flatMap(({ orderId, total: issued }) => {
        const invoice = invoices.find((one) => one.orderId === orderId);
        if (invoice === undefined) return [`Billing does not have the invoice of order ${orderId}`];
        const open = BigInt(invoice.open.amountMinor);
        const rest = issued.amountMinor - BigInt(invoice.credited.amountMinor) - BigInt(invoice.paid.amountMinor);
        const posted = balanceOf(log, orderId, 'AR');
        const isRight = open >= 0n && open === rest && open === posted;
        return isRight ? [] : [`of order ${orderId}, ${open} is open, ${rest} is left to pay, and AR has ${posted}`];
      }),
      ...differences(
        'AR has',
        balances(accounts, 'AR'),
        new Map(owed.map(({ currency, totalMinor }) => [currency, BigInt(totalMinor)])),
      ),
    ],
  },
  {
    id: 'B7',
    promise: 'what is in clearing is what the provider reports, less its payouts',
    broken: (_log, answers) => {
      const before = balances(answers.before, 'PSP_CLEARING');
      const now = balances(answers.accounts, 'PSP_CLEARING');
      const grown = new Map([...now].map(([currency, amount]) => [currency, amount - (before.get(currency) ?? 0n)]));
      return differences('clearing has grown by', grown, heldByProvider(answers));
    },
  },
];
