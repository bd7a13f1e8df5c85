import type { Invoice, InvoiceLine } from '../domain/invoice.ts';

/** An invoice joined with one of its lines, as pgInvoiceStore.ts selects it. */
export interface InvoiceRow extends Omit<Invoice, 'lines'>, InvoiceLine {}

/** The invoice from its rows, which are in the sequence of its lines. Undefined if there are no rows. */
export function toInvoice(rows: readonly InvoiceRow[]): Invoice | undefined {
  const [row] = rows;
  if (!row) return undefined;
  return {
    invoiceId: row.invoiceId,
    orderId: row.orderId,
    customerId: row.customerId,
    number: row.number,
    version: row.version,
    currency: row.currency,
    lines: rows.map(toLine),
    applied: row.applied,
    terms: row.terms,
    dueDate: row.dueDate,
    issuedAt: row.issuedAt,
    collectionFailed: row.collectionFailed,
    orderCancelled: row.orderCancelled,
  };
}

function toLine({
  lineId,
  sku,
  qty,
  net,
  tax,
  creditedNet,
  creditedTax,
  creditedRevenue,
  recognised,
}: InvoiceRow): InvoiceLine {
  return { lineId, sku, qty, net, tax, creditedNet, creditedTax, creditedRevenue, recognised };
}
