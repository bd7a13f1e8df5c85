import type { OnReservationExpired } from '@atlas/generated-orders';
import { cancelForExpiry } from '../domain/decide.ts';
import type { OrderStore } from '../ports.ts';
import { orderCancelled } from './events.ts';
import { orderOf } from './orderOf.ts';

export const onReservationExpired =
  ({ orders }: { readonly orders: OrderStore }): OnReservationExpired.Handler =>
  async ({ data, ctx }, tx): Promise<OnReservationExpired.Result> => {
    const order = await orderOf(orders, tx, data.orderId);
    const cancelled = cancelForExpiry(order, ctx.now);
    if (!cancelled) return { events: [], noop: order.state };
    await orders.save(tx, cancelled);
    return { events: [orderCancelled(cancelled)] };
  };
