import type { GetInvoice } from '@atlas/generated-billing';
import type { Ports } from '../ports.ts';
import { viewInvoice } from './view.ts';

export const getInvoice =
  ({ invoices }: Pick<Ports, 'invoices'>): GetInvoice.Handler =>
  async ({ params }, read): Promise<GetInvoice.Result> => {
    const found = await invoices.read(read, params.invoiceId);
    if (!found)
      return { status: 404, problem: { code: 'invoice-not-found', detail: `there is no invoice ${params.invoiceId}` } };
    return { status: 200, body: viewInvoice(found), version: found.version };
  };
