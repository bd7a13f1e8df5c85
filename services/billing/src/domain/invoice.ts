/** Amounts count the minor unit of the invoice's currency. */
export interface InvoiceLine {
  readonly lineId: string;
  readonly sku: string;
  readonly qty: bigint;
  readonly net: bigint;
  readonly tax: bigint;
  readonly creditedNet: bigint;
  readonly creditedTax: bigint;
  /** What of `creditedNet` was taken back from revenue. The rest came from deferred revenue. */
  readonly creditedRevenue: bigint;
  /** What of `net` was shipped, and so is revenue. */
  readonly recognised: bigint;
}

export interface Invoice {
  readonly invoiceId: string;
  readonly orderId: string;
  readonly customerId: string;
  readonly number: string;
  /** 1 for a new invoice, and one more for each committed change. */
  readonly version: bigint;
  readonly currency: string;
  readonly lines: readonly InvoiceLine[];
  /** What payments pay of it. */
  readonly applied: bigint;
  readonly terms: 'PREPAID' | 'NET_30';
  /** YYYY-MM-DD. */
  readonly dueDate: string;
  readonly issuedAt: Date;
  /** Whether the provider gave up. */
  readonly collectionFailed: boolean;
  readonly orderCancelled: boolean;
}

export type InvoiceState = 'OPEN' | 'PARTIALLY_PAID' | 'PAID' | 'COLLECTION_FAILED' | 'CREDITED';

export const netOf = ({ lines }: Pick<Invoice, 'lines'>): bigint => lines.reduce((sum, { net }) => sum + net, 0n);
export const taxOf = ({ lines }: Pick<Invoice, 'lines'>): bigint => lines.reduce((sum, { tax }) => sum + tax, 0n);
export const totalOf = (invoice: Invoice): bigint => netOf(invoice) + taxOf(invoice);

export function creditedOf({ lines }: Invoice): bigint {
  return lines.reduce((sum, { creditedNet, creditedTax }) => sum + creditedNet + creditedTax, 0n);
}

/** What is still to be paid. */
export function openOf(invoice: Invoice): bigint {
  return totalOf(invoice) - creditedOf(invoice) - invoice.applied;
}

/** What of a line is invoiced, not shipped and not credited. */
export function deferredOf({ net, recognised, creditedNet, creditedRevenue }: InvoiceLine): bigint {
  return net - recognised - (creditedNet - creditedRevenue);
}

export function stateOf(invoice: Invoice): InvoiceState {
  const credited = creditedOf(invoice);
  if (invoice.orderCancelled || (credited > 0n && credited === totalOf(invoice))) return 'CREDITED';
  if (openOf(invoice) === 0n) return 'PAID';
  if (invoice.collectionFailed) return 'COLLECTION_FAILED';
  return invoice.applied > 0n ? 'PARTIALLY_PAID' : 'OPEN';
}

/** The next version of an invoice. */
export function changed(invoice: Invoice, change: Partial<Invoice>): Invoice {
  return { ...invoice, ...change, version: invoice.version + 1n };
}
