import type { OnInvoicePaymentFailed } from '@atlas/generated-orders';
import { cancelForPayment } from '../domain/decide/invoice.ts';
import type { OrderStore } from '../ports.ts';
import { answer } from './answer.ts';
import { orderCancelled } from './events.ts';

export const onInvoicePaymentFailed =
  ({ orders }: { readonly orders: OrderStore }): OnInvoicePaymentFailed.Handler =>
  ({ data, ctx }, tx): Promise<OnInvoicePaymentFailed.Result> =>
    answer(orders, tx, {
      orderId: data.orderId,
      decide: (order) => cancelForPayment(order, data, ctx.now),
      events: ({ order }) => [orderCancelled(order)],
    });
