import type { OnInvoiceIssued } from '@atlas/generated-orders';
import { noteInvoice } from '../domain/decide/invoice.ts';
import type { OrderStore } from '../ports.ts';
import { answer } from './answer.ts';
import { orderReleased } from './events.ts';

export const onInvoiceIssued =
  ({ orders }: { readonly orders: OrderStore }): OnInvoiceIssued.Handler =>
  ({ data, ctx }, tx): Promise<OnInvoiceIssued.Result> =>
    answer(orders, tx, {
      orderId: data.orderId,
      decide: (order) => noteInvoice(order, data, ctx.now),
      events: ({ order }) => (order.state === 'READY' ? [orderReleased(order)] : []),
    });
