import { sql } from 'slonik';
import { VersionConflict } from '@atlas/runtime';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import type { Invoice } from '../domain/invoice.ts';
import type { InvoiceStore } from '../ports.ts';

interface Row {
  readonly invoiceId: string;
  readonly version: bigint;
  readonly subject: string;
  readonly state: Invoice['state'];
  readonly openedBy: string;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
}

const SELECT = sql.fragment`
      SELECT invoice_id AS "invoiceId", version, subject, state, opened_by AS "openedBy", opened_at AS "openedAt",
        closed_at AS "closedAt"
      FROM invoices`;

/** The aggregate in Postgres, in the transaction that the plumbing opened. */
export const pgInvoiceStore: InvoiceStore = {
  insert: async (tx, { invoiceId, version, subject, state, openedBy, openedAt }) => {
    const { rowCount } = await slonikOf(tx).query(sql.prepared('billing.insert', rows<never>())`
          INSERT INTO invoices (invoice_id, version, subject, state, opened_by, opened_at)
          VALUES (${invoiceId}, ${version}, ${subject}, ${state}, ${openedBy}, ${openedAt.toISOString()})
          ON CONFLICT (subject) DO NOTHING`);
    return rowCount === 1;
  },

  load: async (tx, invoiceId, expected) => {
    const row = await slonikOf(tx).maybeOne(sql.prepared('billing.lock', rows<Row>())`${SELECT}
          WHERE invoice_id = ${invoiceId} FOR UPDATE`);
    if (row && expected !== undefined && row.version !== expected)
      throw new VersionConflict(invoiceId, expected, row.version);
    return row ? stateOf(row) : undefined;
  },

  read: async (read, invoiceId) => {
    const row = await slonikOf(read).maybeOne(sql.prepared('billing.select', rows<Row>())`${SELECT}
          WHERE invoice_id = ${invoiceId}`);
    return row ? stateOf(row) : undefined;
  },

  save: async (tx, { invoiceId, version, state, closedAt }) => {
    const db = slonikOf(tx);
    const before = version - 1n;
    const { rowCount } = await db.query(sql.prepared('billing.update', rows<never>())`
          UPDATE invoices SET version = ${version}, state = ${state}, closed_at = ${closedAt.toISOString()}
          WHERE invoice_id = ${invoiceId} AND version = ${before}`);
    if (rowCount === 1) return;
    const stored = await db.one(sql.prepared('billing.version', rows<Pick<Row, 'version'>>())`
          SELECT version FROM invoices WHERE invoice_id = ${invoiceId}`);
    throw new VersionConflict(invoiceId, before, stored.version);
  },
};

function stateOf({ state, closedAt, ...opening }: Row): Invoice {
  if (state === 'OPEN') return { ...opening, state };
  if (!closedAt) throw new Error('a closed row has no closed_at, which the constraint closed_at_some_time rules out');
  return { ...opening, state, closedAt };
}
