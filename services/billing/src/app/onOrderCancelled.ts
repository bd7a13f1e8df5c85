import type { OnOrderCancelled } from '@atlas/generated-billing';
import { opened } from '../domain/invoice.ts';
import type { InvoiceStore } from '../ports.ts';
import { invoiceOpened } from './events.ts';

export const onOrderCancelled =
  ({ invoices }: { readonly invoices: InvoiceStore }): OnOrderCancelled.Handler =>
  async ({ data, ctx }, tx): Promise<OnOrderCancelled.Result> => {
    const open = opened({
      invoiceId: ctx.newId(),
      subject: subjectOf(data),
      openedBy: ctx.actor.id,
      openedAt: ctx.now,
    });
    if (!(await invoices.insert(tx, open))) return { events: [], noop: 'EXISTS' };
    return { events: [invoiceOpened(open)] };
  };

/** The key of the event's topic. */
const subjectOf: (data: OnOrderCancelled.Input['data']) => string = (data) => data.orderId;
