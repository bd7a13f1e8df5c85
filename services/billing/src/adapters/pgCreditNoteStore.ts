import { sql } from 'slonik';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import type { CreditedLine } from '../domain/credit.ts';
import type { CreditNote, CreditNoteStore } from '../ports.ts';

interface Row extends Omit<CreditNote, 'lines' | 'note'>, CreditedLine {
  readonly note: string | null;
}

/** Credit notes in Postgres. They never change. */
export const pgCreditNoteStore: CreditNoteStore = {
  insert: async (tx, note) => {
    const db = slonikOf(tx);
    await db.query(sql.prepared('billing.insert_credit_note', rows<never>())`
      INSERT INTO credit_note (credit_note_id, invoice_id, number, reason, note, requested_by, credited_at)
      VALUES (${note.creditNoteId}, ${note.invoiceId}, ${note.number}, ${note.reason}, ${note.note ?? null},
        ${note.requestedBy}, ${note.creditedAt.toISOString()})`);
    const tuples = note.lines.map(({ lineId, net, tax }, index) => [note.creditNoteId, index + 1, lineId, net, tax]);
    await db.query(sql.prepared('billing.insert_credit_note_lines', rows<never>())`
      INSERT INTO credit_note_line (credit_note_id, position, line_id, net, tax)
      SELECT * FROM ${sql.unnest(tuples, ['uuid', 'int4', 'uuid', 'int8', 'int8'])}`);
  },

  read: async (read, creditNoteId) => {
    const found = await slonikOf(read).any(sql.prepared('billing.select_credit_note', rows<Row>())`
      SELECT credit_note_id AS "creditNoteId", invoice_id AS "invoiceId", number, reason, note,
        requested_by AS "requestedBy", credited_at AS "creditedAt", line_id AS "lineId", net, tax
      FROM credit_note JOIN credit_note_line USING (credit_note_id)
      WHERE credit_note_id = ${creditNoteId} ORDER BY position`);
    const [row] = found;
    if (!row) return undefined;
    const { invoiceId, number, reason, note, requestedBy, creditedAt } = row;
    return {
      creditNoteId,
      invoiceId,
      number,
      reason,
      note: note ?? undefined,
      requestedBy,
      lines: found.map(({ lineId, net, tax }) => ({ lineId, net, tax })),
      creditedAt,
    };
  },
};
