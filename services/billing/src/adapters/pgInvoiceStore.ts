import { sql, type CommonQueryMethods } from 'slonik';
import { VersionConflict } from '@atlas/runtime';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import { creditedOf, totalOf, type Invoice } from '../domain/invoice.ts';
import type { InvoiceStore } from '../ports.ts';
import { toInvoice, type InvoiceRow } from './invoiceRows.ts';

const INVOICE = sql.fragment`
  SELECT i.invoice_id AS "invoiceId", i.order_id AS "orderId", i.customer_id AS "customerId", i.number, i.version,
    i.currency, i.applied, i.terms, i.due_date AS "dueDate", i.issued_at AS "issuedAt",
    i.collection_failed AS "collectionFailed", i.order_cancelled AS "orderCancelled", l.line_id AS "lineId", l.sku,
    l.qty, l.net, l.tax, l.credited_net AS "creditedNet", l.credited_tax AS "creditedTax",
    l.credited_revenue AS "creditedRevenue", l.recognised
  FROM invoice i JOIN invoice_line l USING (invoice_id)`;

/** Invoices in Postgres, in the transaction that the plumbing opened. */
export const pgInvoiceStore: InvoiceStore = {
  insert: async (tx, invoice) => {
    const db = slonikOf(tx);
    await db.query(sql.prepared('billing.insert_invoice', rows<never>())`
      INSERT INTO invoice (invoice_id, order_id, customer_id, number, version, currency, total, terms, due_date,
        issued_at)
      VALUES (${invoice.invoiceId}, ${invoice.orderId}, ${invoice.customerId}, ${invoice.number}, ${invoice.version},
        ${invoice.currency}, ${totalOf(invoice)}, ${invoice.terms}, ${invoice.dueDate},
        ${invoice.issuedAt.toISOString()})`);
    const tuples = invoice.lines.map(({ lineId, sku, qty, net, tax }, index) => [
      invoice.invoiceId,
      index + 1,
      lineId,
      sku,
      qty,
      net,
      tax,
    ]);
    await db.query(sql.prepared('billing.insert_invoice_lines', rows<never>())`
      INSERT INTO invoice_line (invoice_id, position, line_id, sku, qty, net, tax)
      SELECT * FROM ${sql.unnest(tuples, ['uuid', 'int4', 'uuid', 'text', 'int8', 'int8', 'int8'])}`);
  },

  load: async (tx, invoiceId, expected) => {
    // A statement that has waited for a lock sees the new invoice but the old lines, so the lines are read by a later
    // statement.
    await slonikOf(tx).query(sql.prepared('billing.lock_invoice', rows<never>())`
      SELECT FROM invoice WHERE invoice_id = ${invoiceId} FOR UPDATE`);
    const invoice = await select(slonikOf(tx), invoiceId);
    if (invoice && expected !== undefined && invoice.version !== expected)
      throw new VersionConflict(`invoice ${invoiceId}`, expected, invoice.version);
    return invoice;
  },

  loadOfOrder: async (tx, orderId) => {
    await slonikOf(tx).query(sql.prepared('billing.lock_invoice_of_order', rows<never>())`
      SELECT FROM invoice WHERE order_id = ${orderId} FOR UPDATE`);
    return selectOfOrder(slonikOf(tx), orderId);
  },

  read: (read, invoiceId) => select(slonikOf(read), invoiceId),

  readOfOrder: (read, orderId) => selectOfOrder(slonikOf(read), orderId),

  save: async (tx, invoice) => {
    const db = slonikOf(tx);
    const before = invoice.version - 1n;
    const { rowCount } = await db.query(sql.prepared('billing.update_invoice', rows<never>())`
      UPDATE invoice SET version = ${invoice.version}, credited = ${creditedOf(invoice)}, applied = ${invoice.applied},
        collection_failed = ${invoice.collectionFailed}, order_cancelled = ${invoice.orderCancelled}
      WHERE invoice_id = ${invoice.invoiceId} AND version = ${before}`);
    if (rowCount !== 1) throw new VersionConflict(`invoice ${invoice.invoiceId}`, before, invoice.version);
    const tuples = invoice.lines.map((line) => [
      line.lineId,
      line.creditedNet,
      line.creditedTax,
      line.creditedRevenue,
      line.recognised,
    ]);
    await db.query(sql.prepared('billing.update_invoice_lines', rows<never>())`
      UPDATE invoice_line l SET credited_net = n.credited_net, credited_tax = n.credited_tax,
        credited_revenue = n.credited_revenue, recognised = n.recognised
      FROM ${sql.unnest(tuples, ['uuid', 'int8', 'int8', 'int8', 'int8'])}
        AS n (line_id, credited_net, credited_tax, credited_revenue, recognised)
      WHERE l.invoice_id = ${invoice.invoiceId} AND l.line_id = n.line_id`);
  },
};

async function select(db: CommonQueryMethods, invoiceId: string): Promise<Invoice | undefined> {
  return toInvoice(
    await db.any(sql.prepared('billing.select_invoice', rows<InvoiceRow>())`${INVOICE}
      WHERE i.invoice_id = ${invoiceId} ORDER BY l.position`),
  );
}

async function selectOfOrder(db: CommonQueryMethods, orderId: string): Promise<Invoice | undefined> {
  return toInvoice(
    await db.any(sql.prepared('billing.select_invoice_of_order', rows<InvoiceRow>())`${INVOICE}
      WHERE i.order_id = ${orderId} ORDER BY l.position`),
  );
}
