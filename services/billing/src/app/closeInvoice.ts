import type { CloseInvoice } from '@atlas/generated-billing';
import { close } from '../domain/invoice.ts';
import type { InvoiceStore } from '../ports.ts';
import { invoiceClosed } from './events.ts';
import { view } from './view.ts';

export const closeInvoice =
  ({ invoices }: { readonly invoices: InvoiceStore }): CloseInvoice.Handler =>
  async ({ params, ifMatch, ctx }, tx): Promise<CloseInvoice.Result> => {
    const found = await invoices.load(tx, params.invoiceId, ifMatch);
    if (!found)
      return { status: 404, problem: { code: 'invoice-not-found', detail: `there is no ${params.invoiceId}` } };
    const closing = close(found, ctx.now);
    if (!closing.ok) return { status: 409, problem: closing.problem };
    const { closed } = closing;
    await invoices.save(tx, closed);
    return { status: 200, body: view(closed), version: closed.version, events: [invoiceClosed(closed)] };
  };
