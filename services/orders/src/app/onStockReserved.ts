import type { OnStockReserved } from '@atlas/generated-orders';
import { dateOfMicros } from '@atlas/runtime/time';
import { awaitApproval } from '../domain/decide.ts';
import type { OrderStore } from '../ports.ts';
import { orderReserved } from './events.ts';
import { orderOf } from './orderOf.ts';

export const onStockReserved =
  ({ orders }: { readonly orders: OrderStore }): OnStockReserved.Handler =>
  async ({ data }, tx): Promise<OnStockReserved.Result> => {
    const order = await orderOf(orders, tx, data.orderId);
    const { reservationId } = data;
    const awaiting = awaitApproval(order, { reservationId, expiresAt: dateOfMicros(data.expiresAt) });
    if (!awaiting) return { events: [], noop: order.state };
    await orders.save(tx, awaiting);
    return { events: [orderReserved(awaiting)] };
  };
