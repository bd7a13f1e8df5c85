import { sql, type CommonQueryMethods } from 'slonik';
import { VersionConflict } from '@atlas/runtime';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import type { Entry } from '../domain/ledger.ts';
import type { ManualJournal } from '../domain/manualJournal.ts';
import type { ManualJournalStore } from '../ports.ts';

interface Row extends Omit<ManualJournal, 'entries' | 'reverses'> {
  readonly reverses: string | null;
}

const JOURNAL = sql.fragment`
  SELECT journal_id AS "journalId", version, state, description, effective_date AS "effectiveDate", currency,
    requester_id AS "requesterId", digest, requested_at AS "requestedAt", reverses
  FROM manual_journal`;

/** Journals that were requested by hand, in Postgres. */
export const pgManualJournalStore: ManualJournalStore = {
  insert: async (tx, journal) => {
    const db = slonikOf(tx);
    await db.query(sql.prepared('billing.insert_manual_journal', rows<never>())`
      INSERT INTO manual_journal (journal_id, version, state, description, effective_date, currency, requester_id,
        digest, requested_at, reverses)
      VALUES (${journal.journalId}, ${journal.version}, ${journal.state}, ${journal.description},
        ${journal.effectiveDate}, ${journal.currency}, ${journal.requesterId}, ${journal.digest},
        ${journal.requestedAt.toISOString()}, ${journal.reverses ?? null})`);
    const tuples = journal.entries.map(({ account, side, amount }, index) => [
      journal.journalId,
      index + 1,
      account,
      side,
      amount,
    ]);
    await db.query(sql.prepared('billing.insert_manual_journal_lines', rows<never>())`
      INSERT INTO manual_journal_line (journal_id, position, account, side, amount)
      SELECT * FROM ${sql.unnest(tuples, ['uuid', 'int4', 'text', 'text', 'int8'])}`);
  },

  load: async (tx, journalId) => {
    const db = slonikOf(tx);
    const row = await db.maybeOne(sql.prepared('billing.lock_manual_journal', rows<Row>())`${JOURNAL}
      WHERE journal_id = ${journalId} FOR UPDATE`);
    return row ? withEntries(db, row) : undefined;
  },

  read: async (read, journalId) => {
    const db = slonikOf(read);
    const row = await db.maybeOne(sql.prepared('billing.select_manual_journal', rows<Row>())`${JOURNAL}
      WHERE journal_id = ${journalId}`);
    return row ? withEntries(db, row) : undefined;
  },

  isReversed: (tx, journalId) =>
    slonikOf(tx).exists(sql.prepared('billing.has_reversal', rows<never>())`
      SELECT FROM manual_journal WHERE reverses = ${journalId} AND state <> 'REJECTED'`),

  save: async (tx, { journalId, version, state }) => {
    const before = version - 1n;
    const { rowCount } = await slonikOf(tx).query(sql.prepared('billing.update_manual_journal', rows<never>())`
      UPDATE manual_journal SET version = ${version}, state = ${state}
      WHERE journal_id = ${journalId} AND version = ${before}`);
    if (rowCount !== 1) throw new VersionConflict(`journal ${journalId}`, before, version);
  },
};

async function withEntries(db: CommonQueryMethods, row: Row): Promise<ManualJournal> {
  const entries = await db.any(sql.prepared('billing.select_manual_journal_lines', rows<Entry>())`
    SELECT account, side, amount FROM manual_journal_line WHERE journal_id = ${row.journalId} ORDER BY position`);
  return { ...row, reverses: row.reverses ?? undefined, entries };
}
