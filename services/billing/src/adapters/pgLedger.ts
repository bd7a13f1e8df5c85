import { sql } from 'slonik';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import { openMonth } from '../domain/calendar.ts';
import type { Entry, PostedJournal } from '../domain/ledger.ts';
import type { Balance, Ledger } from '../ports.ts';
import { closedThrough } from './pgPeriodStore.ts';

interface JournalRow extends Omit<PostedJournal, 'entries'>, Entry {}

/** The ledger in Postgres. Its tables are append-only. */
export const pgLedger: Ledger = {
  post: async (tx, journal) => {
    const db = slonikOf(tx);
    const period = openMonth(journal.effectiveDate, await closedThrough(tx));
    await db.query(sql.prepared('billing.insert_journal', rows<never>())`
      INSERT INTO journal (journal_id, kind, reference, effective_date, period, currency, posted_at)
      VALUES (${journal.journalId}, ${journal.kind}, ${journal.reference}, ${journal.effectiveDate}, ${period},
        ${journal.currency}, ${journal.postedAt.toISOString()})`);
    const tuples = journal.entries.map(({ account, side, amount }, index) => [
      journal.journalId,
      index + 1,
      account,
      side,
      amount,
    ]);
    await db.query(sql.prepared('billing.insert_journal_lines', rows<never>())`
      INSERT INTO journal_line (journal_id, position, account, side, amount)
      SELECT * FROM ${sql.unnest(tuples, ['uuid', 'int4', 'text', 'text', 'int8'])}`);
    return { ...journal, period };
  },

  has: (tx, kind, reference) =>
    slonikOf(tx).exists(sql.prepared('billing.has_journal', rows<never>())`
      SELECT FROM journal WHERE kind = ${kind} AND reference = ${reference}`),

  read: async (read, journalId) => {
    const found = await slonikOf(read).any(sql.prepared('billing.select_journal', rows<JournalRow>())`
      SELECT journal_id AS "journalId", kind, reference, effective_date AS "effectiveDate", period, currency,
        posted_at AS "postedAt", account, side, amount
      FROM journal JOIN journal_line USING (journal_id) WHERE journal_id = ${journalId} ORDER BY journal_line.position`);
    const [row] = found;
    if (!row) return undefined;
    const { account: _account, side: _side, amount: _amount, ...journal } = row;
    return { ...journal, entries: found.map(({ account, side, amount }) => ({ account, side, amount })) };
  },

  balances: async (read, upTo) => {
    const sums = await slonikOf(read).any(sql.prepared('billing.balances', rows<Sums>())`
      SELECT account, currency, coalesce(sum(amount) FILTER (WHERE side = 'DEBIT'), 0)::text AS debit,
        coalesce(sum(amount) FILTER (WHERE side = 'CREDIT'), 0)::text AS credit
      FROM journal_line JOIN journal USING (journal_id)
      WHERE ${upTo ?? null}::text IS NULL OR period <= ${upTo ?? null}::text
      GROUP BY account, currency ORDER BY currency, account`);
    return sums.map((sum) => ({ ...sum, debit: BigInt(sum.debit), credit: BigInt(sum.credit) }));
  },
};

/** A sum of bigints is a numeric, which the driver returns as an inexact number, so it is selected as text. */
interface Sums extends Omit<Balance, 'debit' | 'credit'> {
  readonly debit: string;
  readonly credit: string;
}
