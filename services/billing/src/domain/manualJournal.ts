import { exponentOf, notACurrency } from '@atlas/runtime/currency';
import type { Approved } from './approved.ts';
import { dayOf, monthOf } from './calendar.ts';
import { difference, type Account, type Entry } from './ledger.ts';

const MAX_AMOUNT = 2n ** 53n - 1n;

/** Accounts whose balance is the sum of other records. A manual journal would make the two differ. */
const CONTROLLED: ReadonlySet<Account> = new Set(['AR', 'CUSTOMER_CREDIT', 'DEFERRED_REVENUE']);

/** A journal that somebody has requested. Everything except the state is fixed. */
export interface ManualJournal {
  readonly journalId: string;
  /** 1 for a new one, and one more for each committed change. */
  readonly version: bigint;
  readonly state: 'REQUESTED' | 'POSTED' | 'REJECTED';
  readonly description: string;
  /** YYYY-MM-DD. */
  readonly effectiveDate: string;
  readonly currency: string;
  readonly entries: readonly Entry[];
  readonly requesterId: string;
  /** The journal that it reverses. */
  readonly reverses: string | undefined;
  /** SHA-256 of what was requested, in hex. An approval names it. */
  readonly digest: string;
  readonly requestedAt: Date;
}

export interface JournalProblem {
  readonly code:
    | 'journal-unbalanced'
    | 'currency-mismatch'
    | 'currency-unknown'
    | 'account-controlled'
    | 'period-closed'
    | 'date-in-future'
    | 'amount-too-large';
  readonly pointer: string;
  readonly detail: string;
}

export interface WantedJournal {
  readonly description: string;
  readonly effectiveDate: string;
  readonly lines: readonly (Entry & { readonly currency: string })[];
  readonly reverses: string | undefined;
}

/** The same lines with debits and credits exchanged. */
export function reversalOf(
  { journalId, entries, currency }: ManualJournal,
  about: Pick<WantedJournal, 'description' | 'effectiveDate'>,
): WantedJournal {
  const lines = entries.map(({ account, side, amount }) => ({
    account,
    side: side === 'DEBIT' ? ('CREDIT' as const) : ('DEBIT' as const),
    amount,
    currency,
  }));
  return { ...about, lines, reverses: journalId };
}

/** What is wrong with a requested journal. Undefined if nothing is wrong. */
export function journalProblem(
  { effectiveDate, lines, reverses }: Pick<WantedJournal, 'effectiveDate' | 'lines' | 'reverses'>,
  { now, closedThrough }: { readonly now: Date; readonly closedThrough: string },
): JournalProblem | undefined {
  const currency = lines[0]?.currency;
  const other = lines.findIndex((line) => line.currency !== currency);
  if (other !== -1)
    return problem('currency-mismatch', `/lines/${other}/amount/currency`, 'a journal has one currency');
  // a journal whose currency is not in use any more can still be reversed
  if (reverses === undefined && currency !== undefined && exponentOf(currency) === undefined)
    return problem('currency-unknown', '/lines/0/amount/currency', notACurrency(currency));
  const controlled = lines.findIndex(({ account }) => CONTROLLED.has(account));
  if (controlled !== -1)
    return problem(
      'account-controlled',
      `/lines/${controlled}/account`,
      'the balance of this account is the sum of other records',
    );
  if (debitsOf(lines) > MAX_AMOUNT)
    return problem('amount-too-large', '/lines', `the debits are above ${MAX_AMOUNT} minor units`);
  const off = difference(lines);
  if (off !== 0n) return problem('journal-unbalanced', '/lines', `debits less credits are ${off}, not 0`);
  if (effectiveDate > dayOf(now)) return problem('date-in-future', '/effectiveDate', `today is ${dayOf(now)}`);
  if (monthOf(effectiveDate) <= closedThrough)
    return problem('period-closed', '/effectiveDate', `the books are closed through ${closedThrough}`);
  return undefined;
}

function problem(code: JournalProblem['code'], pointer: string, detail: string): JournalProblem {
  return { code, pointer, detail };
}

export function debitsOf(entries: readonly Entry[]): bigint {
  return entries.reduce((sum, { side, amount }) => (side === 'DEBIT' ? sum + amount : sum), 0n);
}

/** The request as one text, the same on every machine. Its SHA-256 is the digest of the journal. */
export function canonicalJournal(journal: Omit<ManualJournal, 'version' | 'state' | 'digest' | 'requestedAt'>): string {
  return JSON.stringify([
    'journal/1',
    journal.journalId,
    journal.description,
    journal.effectiveDate,
    journal.currency,
    journal.entries.map(({ account, side, amount }) => [account, side, String(amount)]),
    journal.requesterId,
    ...(journal.reverses === undefined ? [] : [journal.reverses]),
  ]);
}

/**
 * The journal after a decision. Undefined is the no-op: the journal has ended, or the decision is about something else.
 */
export function decide(
  journal: ManualJournal,
  state: 'POSTED' | 'REJECTED',
  { subjectVersion, digest }: Approved,
): ManualJournal | undefined {
  if (journal.state !== 'REQUESTED' || journal.version !== subjectVersion || journal.digest !== digest)
    return undefined;
  return { ...journal, state, version: journal.version + 1n };
}
