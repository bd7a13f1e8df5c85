import type { GetInvoice } from '@atlas/generated-billing';
import type { InvoiceStore } from '../ports.ts';
import { view } from './view.ts';

export const getInvoice =
  ({ invoices }: { readonly invoices: InvoiceStore }): GetInvoice.Handler =>
  async ({ params }, read): Promise<GetInvoice.Result> => {
    const found = await invoices.read(read, params.invoiceId);
    if (!found)
      return { status: 404, problem: { code: 'invoice-not-found', detail: `there is no ${params.invoiceId}` } };
    return { status: 200, body: view(found), version: found.version };
  };
