import type { OnStockReserved } from '@atlas/generated-orders';
import { dateOfMicros } from '@atlas/runtime/time';
import { awaitApproval } from '../domain/decide/stock.ts';
import type { OrderStore } from '../ports.ts';
import { answer } from './answer.ts';
import { orderReserved } from './events.ts';

export const onStockReserved =
  ({ orders }: { readonly orders: OrderStore }): OnStockReserved.Handler =>
  ({ data, ctx }, tx): Promise<OnStockReserved.Result> =>
    answer(orders, tx, {
      orderId: data.orderId,
      decide: (order) =>
        awaitApproval(order, { reservationId: data.reservationId, expiresAt: dateOfMicros(data.expiresAt) }, ctx.now),
      events: ({ order }) => [orderReserved(order)],
    });
