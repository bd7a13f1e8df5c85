import type { OnStockReservationFailed } from '@atlas/generated-orders';
import { cancelForShortage } from '../domain/decide.ts';
import type { OrderStore } from '../ports.ts';
import { orderCancelled } from './events.ts';
import { orderOf } from './orderOf.ts';

export const onStockReservationFailed =
  ({ orders }: { readonly orders: OrderStore }): OnStockReservationFailed.Handler =>
  async ({ data, ctx }, tx): Promise<OnStockReservationFailed.Result> => {
    const order = await orderOf(orders, tx, data.orderId);
    const cancelled = cancelForShortage(order, data.shortages, ctx.now);
    if (!cancelled) return { events: [], noop: order.state };
    await orders.save(tx, cancelled);
    return { events: [orderCancelled(cancelled)] };
  };
