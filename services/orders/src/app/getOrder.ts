import type { GetOrder } from '@atlas/generated-orders';
import type { OrderStore } from '../ports.ts';
import { notFound } from './orderOf.ts';
import { viewFor } from './view.ts';

export const getOrder =
  ({ orders }: { readonly orders: OrderStore }): GetOrder.Handler =>
  async ({ params, ctx }, read): Promise<GetOrder.Result> => {
    const order = await orders.read(read, params.orderId);
    return order
      ? { status: 200, body: viewFor(order, ctx.actor.roles), version: order.version }
      : notFound(params.orderId);
  };
