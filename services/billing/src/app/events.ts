import type { InvoiceClosedEvent, InvoiceOpenedEvent } from '@atlas/generated-billing';
import { microsOf } from '@atlas/runtime/time';
import type { Closed, Open } from '../domain/invoice.ts';

/** What other services learn, in the words of the contract. */

export function invoiceOpened({ invoiceId, version, subject, openedBy, openedAt }: Open): InvoiceOpenedEvent {
  return {
    type: 'InvoiceOpened',
    data: { invoiceId, version, subject, openedBy, openedAt: microsOf(openedAt) },
  };
}

export function invoiceClosed({ invoiceId, version, closedAt }: Closed): InvoiceClosedEvent {
  return { type: 'InvoiceClosed', data: { invoiceId, version, closedAt: microsOf(closedAt) } };
}
