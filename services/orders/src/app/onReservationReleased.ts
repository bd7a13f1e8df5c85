import type { OnReservationReleased } from '@atlas/generated-orders';
import { endCancellation } from '../domain/decide/shipment.ts';
import type { OrderStore } from '../ports.ts';
import { answer } from './answer.ts';
import { orderCancelled, orderFulfilled } from './events.ts';

export const onReservationReleased =
  ({ orders }: { readonly orders: OrderStore }): OnReservationReleased.Handler =>
  ({ data, ctx }, tx): Promise<OnReservationReleased.Result> =>
    answer(orders, tx, {
      orderId: data.orderId,
      decide: (order) => endCancellation(order, data.shipped, ctx.now),
      events: ({ order }) => (order.state === 'FULFILLED' ? [orderFulfilled(order)] : [orderCancelled(order)]),
    });
