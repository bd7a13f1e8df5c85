import { addable } from './amounts.ts';
import { foldRows, type Folding } from './foldRows.ts';
import { dateOf, instantOf } from './instants.ts';
import { oneOf, type MessageOf, type Projection } from './projection.ts';
import { tableOf } from './table.ts';

export interface InvoiceRow {
  readonly order_id: string;
  readonly invoice_id: string;
  readonly number: string;
  readonly currency: string;
  readonly net_minor: bigint;
  readonly tax_minor: bigint;
  readonly total_minor: bigint;
  readonly credited_minor: bigint;
  readonly terms: string;
  readonly due_date: string;
  readonly issued_at: Date;
  readonly paid_at: Date | null;
  readonly failed_at: Date | null;
  readonly failure: string | null;
  readonly failure_final: boolean | null;
}

const table = tableOf<InvoiceRow>('order_invoice', ['order_id'], {
  order_id: 'uuid',
  invoice_id: 'uuid',
  number: 'text',
  currency: 'text',
  net_minor: 'int8',
  tax_minor: 'int8',
  total_minor: 'int8',
  credited_minor: 'int8',
  terms: 'text',
  due_date: 'date',
  issued_at: 'timestamptz',
  paid_at: 'timestamptz',
  failed_at: 'timestamptz',
  failure: 'text',
  failure_final: 'bool',
});

const isInvoiceEvent = oneOf('InvoiceIssued', 'InvoicePaid', 'InvoicePaymentFailed', 'InvoiceCredited');

/**
 * An order's invoice, which begins with InvoiceIssued. An order has only one invoice, so events of another one change
 * nothing.
 */
export const invoiceRows: Folding<InvoiceRow, 'order_id'> = {
  table,
  key: ['order_id'],
  keyOf: (message) => (isInvoiceEvent(message) ? { order_id: message.data.orderId } : undefined),
  fold: (row, message) => {
    if (!row) return message.type === 'InvoiceIssued' ? issued(message) : undefined;
    if (!isInvoiceEvent(message) || message.data.invoiceId.toLowerCase() !== row.invoice_id.toLowerCase()) return row;
    switch (message.type) {
      case 'InvoiceIssued':
        return row;
      case 'InvoicePaid':
        return { ...row, paid_at: instantOf(message.data.paidAt) };
      case 'InvoicePaymentFailed':
        return {
          ...row,
          failed_at: instantOf(message.data.failedAt),
          failure: message.data.reason,
          failure_final: message.data.final,
        };
      case 'InvoiceCredited':
        return { ...row, credited_minor: row.credited_minor + addable(message.data.total.amountMinor) };
    }
  },
};

function issued({ data }: MessageOf<'InvoiceIssued'>): InvoiceRow {
  return {
    order_id: data.orderId,
    invoice_id: data.invoiceId,
    number: data.number,
    currency: data.total.currency,
    net_minor: data.net.amountMinor,
    tax_minor: data.tax.amountMinor,
    total_minor: data.total.amountMinor,
    credited_minor: 0n,
    terms: data.terms,
    due_date: dateOf(data.dueDate),
    issued_at: instantOf(data.issuedAt),
    paid_at: null,
    failed_at: null,
    failure: null,
    failure_final: null,
  };
}

export const invoices: Projection = {
  name: 'invoices',
  version: 1,
  tables: [table.name],
  apply: (messages, tx) => foldRows(invoiceRows, messages, tx),
};
