import { sql } from 'slonik';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import type { CreditNoteStore } from '../ports.ts';

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
};
