import type { OnStockReserved } from '@atlas/generated-orders';
import { awaitApproval } from '../domain/decide.ts';
import type { OrderStore } from '../ports.ts';
import { orderOf } from './orderOf.ts';

export const onStockReserved =
  ({ orders }: { readonly orders: OrderStore }): OnStockReserved.Handler =>
  async ({ data }, tx) => {
    const order = await orderOf(orders, tx, data.orderId);
    const reservation = { reservationId: data.reservationId, expiresAt: new Date(Number(data.expiresAt / 1000n)) };
    const step = awaitApproval(order, reservation);
    if (!step) return { events: [], noop: order.state };
    await orders.save(tx, step.order);
    return { events: [step.event] };
  };
