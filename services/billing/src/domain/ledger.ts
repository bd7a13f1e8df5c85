/** The chart of accounts. */
export const ACCOUNTS = [
  'BANK',
  'PSP_CLEARING',
  'AR',
  'CUSTOMER_CREDIT',
  'TAX',
  'DEFERRED_REVENUE',
  'REVENUE',
  'FEES',
] as const;
export type Account = (typeof ACCOUNTS)[number];

export interface Entry {
  readonly account: Account;
  readonly side: 'DEBIT' | 'CREDIT';
  /** In the minor unit of the journal's currency, above zero. */
  readonly amount: bigint;
}

export type JournalKind =
  | 'INVOICE'
  | 'PAYMENT'
  | 'LATE_PAYMENT'
  | 'CREDIT_NOTE'
  | 'REFUND'
  | 'SHIPMENT'
  | 'PAYOUT'
  | 'MANUAL'
  | 'REVERSAL';

/** A journal to post. It is posted once per kind and reference. */
export interface Journal {
  readonly journalId: string;
  readonly kind: JournalKind;
  /** The id of the thing that it records. */
  readonly reference: string;
  /** The day that it belongs to, YYYY-MM-DD in UTC. */
  readonly effectiveDate: string;
  readonly currency: string;
  readonly entries: readonly Entry[];
  readonly postedAt: Date;
}

export interface PostedJournal extends Journal {
  /** The month into which it was posted, YYYY-MM. */
  readonly period: string;
}

/** Debits minus credits. Zero in a balanced journal. */
export function difference(entries: readonly Entry[]): bigint {
  return entries.reduce((sum, { side, amount }) => (side === 'DEBIT' ? sum + amount : sum - amount), 0n);
}
