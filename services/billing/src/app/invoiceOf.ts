import type { Invoice } from '../domain/invoice.ts';
import type { InvoiceStore, Tx } from '../ports.ts';

/**
 * The invoice of a confirmed order. Orders sends the confirmation before any event that follows from it, on the same
 * topic and with the same key. Throws if there is no invoice, and the event becomes a dead letter.
 */
export async function invoiceOf(invoices: InvoiceStore, tx: Tx, orderId: string): Promise<Invoice> {
  const invoice = await invoices.loadOfOrder(tx, orderId);
  if (!invoice) throw new Error(`order ${orderId} has no invoice, although it was confirmed`);
  return invoice;
}
