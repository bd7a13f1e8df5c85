import type { OnStockReservationFailed } from '@atlas/generated-orders';
import { cancelForShortage } from '../domain/decide/stock.ts';
import type { OrderStore } from '../ports.ts';
import { answer } from './answer.ts';
import { orderCancelled } from './events.ts';

export const onStockReservationFailed =
  ({ orders }: { readonly orders: OrderStore }): OnStockReservationFailed.Handler =>
  ({ data, ctx }, tx): Promise<OnStockReservationFailed.Result> =>
    answer(orders, tx, {
      orderId: data.orderId,
      decide: (order) => cancelForShortage(order, data.shortages, ctx.now),
      events: ({ order }) => [orderCancelled(order)],
    });
