import type { ListInvoices } from '@atlas/generated-billing';
import type { Ports } from '../ports.ts';
import { viewInvoice } from './view.ts';

export const listInvoices =
  ({ invoices }: Pick<Ports, 'invoices'>): ListInvoices.Handler =>
  async ({ query }, read): Promise<ListInvoices.Result> => {
    const found = await invoices.readOfOrder(read, query.orderId);
    return { status: 200, body: { invoices: found ? [viewInvoice(found)] : [] } };
  };
