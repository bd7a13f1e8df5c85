import type { OnInvoicePaid } from '@atlas/generated-orders';
import { dateOfMicros } from '@atlas/runtime/time';
import { releaseOnPayment } from '../domain/decide/invoice.ts';
import type { OrderStore } from '../ports.ts';
import { answer } from './answer.ts';
import { orderReleased } from './events.ts';

export const onInvoicePaid =
  ({ orders }: { readonly orders: OrderStore }): OnInvoicePaid.Handler =>
  ({ data, ctx }, tx): Promise<OnInvoicePaid.Result> =>
    answer(orders, tx, {
      orderId: data.orderId,
      decide: (order) =>
        releaseOnPayment(order, { invoiceId: data.invoiceId, paidAt: dateOfMicros(data.paidAt) }, ctx.now),
      events: ({ order, released }) => (released ? [orderReleased(order)] : []),
    });
