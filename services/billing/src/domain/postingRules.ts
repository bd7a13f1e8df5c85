import type { Account, Entry } from './ledger.ts';

/*
 * The entries of each event in the books: debits on the left, credits on the right. An amount of zero gives no entry.
 * If all amounts are zero, the list is empty and nothing is posted.
 */

type Amounts = readonly (readonly [account: Account, amount: bigint])[];

function entries(debits: Amounts, credits: Amounts): readonly Entry[] {
  const side = (amounts: Amounts, side: Entry['side']): readonly Entry[] =>
    amounts.flatMap(([account, amount]) => (amount === 0n ? [] : [{ account, side, amount }]));
  return [...side(debits, 'DEBIT'), ...side(credits, 'CREDIT')];
}

/** Where the money of a payment is: with the provider until a payout, or on the bank account. */
export function cashOf(provider: string): Account {
  return provider === MANUAL ? 'BANK' : 'PSP_CLEARING';
}

/** The provider of payments that people record. */
export const MANUAL = 'manual';

export function issuing({ net, tax }: { readonly net: bigint; readonly tax: bigint }): readonly Entry[] {
  return entries(
    [['AR', net + tax]],
    [
      ['DEFERRED_REVENUE', net],
      ['TAX', tax],
    ],
  );
}

/** `unapplied` is the money that no open invoice needs. */
export function paying(paid: {
  readonly provider: string;
  readonly applied: bigint;
  readonly unapplied: bigint;
}): readonly Entry[] {
  return entries(
    [[cashOf(paid.provider), paid.applied + paid.unapplied]],
    [
      ['AR', paid.applied],
      ['CUSTOMER_CREDIT', paid.unapplied],
    ],
  );
}

/** `ar` is the part that was not paid yet, `unapplied` the part that was paid. */
export function crediting(credited: {
  readonly deferred: bigint;
  readonly revenue: bigint;
  readonly tax: bigint;
  readonly ar: bigint;
  readonly unapplied: bigint;
}): readonly Entry[] {
  return entries(
    [
      ['DEFERRED_REVENUE', credited.deferred],
      ['REVENUE', credited.revenue],
      ['TAX', credited.tax],
    ],
    [
      ['AR', credited.ar],
      ['CUSTOMER_CREDIT', credited.unapplied],
    ],
  );
}

/** A person may have paid back what the provider had collected. So the money went where `paidBy` has its money. */
export function refunding(refunded: { readonly paidBy: string; readonly amount: bigint }): readonly Entry[] {
  return entries([['CUSTOMER_CREDIT', refunded.amount]], [[cashOf(refunded.paidBy), refunded.amount]]);
}

export function shipping(revenue: bigint): readonly Entry[] {
  return entries([['DEFERRED_REVENUE', revenue]], [['REVENUE', revenue]]);
}

/** Fees appear only here: the provider deducts them from its balance, and reports them with the payout. */
export function payingOut({ bank, fees }: { readonly bank: bigint; readonly fees: bigint }): readonly Entry[] {
  return entries(
    [
      ['BANK', bank],
      ['FEES', fees],
    ],
    [['PSP_CLEARING', bank + fees]],
  );
}
