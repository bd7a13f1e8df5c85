import type { OnStockReservationFailed } from '@atlas/generated-orders';
import { cancelForShortage } from '../domain/decide.ts';
import type { OrderStore } from '../ports.ts';
import { orderOf } from './orderOf.ts';

export const onStockReservationFailed =
  ({ orders }: { readonly orders: OrderStore }): OnStockReservationFailed.Handler =>
  async ({ data, ctx }, tx) => {
    const order = await orderOf(orders, tx, data.orderId);
    const step = cancelForShortage(order, data.shortages, ctx.now);
    if (!step) return { events: [], noop: order.state };
    await orders.save(tx, step.order);
    return { events: [step.event] };
  };
