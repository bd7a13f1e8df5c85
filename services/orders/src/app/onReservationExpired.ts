import type { OnReservationExpired } from '@atlas/generated-orders';
import { cancelForExpiry } from '../domain/decide/stock.ts';
import type { OrderStore } from '../ports.ts';
import { answer } from './answer.ts';
import { orderCancelled } from './events.ts';

export const onReservationExpired =
  ({ orders }: { readonly orders: OrderStore }): OnReservationExpired.Handler =>
  ({ data, ctx }, tx): Promise<OnReservationExpired.Result> =>
    answer(orders, tx, {
      orderId: data.orderId,
      decide: (order) => cancelForExpiry(order, ctx.now),
      events: ({ order }) => [orderCancelled(order)],
    });
