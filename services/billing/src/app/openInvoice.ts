import type { OpenInvoice } from '@atlas/generated-billing';
import { opened } from '../domain/invoice.ts';
import type { InvoiceStore } from '../ports.ts';
import { invoiceOpened } from './events.ts';
import { view } from './view.ts';

export const openInvoice =
  ({ invoices }: { readonly invoices: InvoiceStore }): OpenInvoice.Handler =>
  async ({ body, ctx }, tx): Promise<OpenInvoice.Result> => {
    const { subject } = body;
    const open = opened({ invoiceId: ctx.newId(), subject, openedBy: ctx.actor.id, openedAt: ctx.now });
    if (!(await invoices.insert(tx, open)))
      return { status: 409, problem: { code: 'invoice-exists', detail: `${subject} has one` } };
    return {
      status: 201,
      body: view(open),
      version: open.version,
      headers: { Location: `/v1/invoices/${open.invoiceId}` },
      events: [invoiceOpened(open)],
    };
  };
