import type { GetOrder } from '@atlas/generated-orders';
import type { OrderStore } from '../ports.ts';
import { notFound } from './orderOf.ts';
import { view } from './view.ts';

export const getOrder =
  ({ orders }: { readonly orders: OrderStore }): GetOrder.Handler =>
  async ({ params }, read): Promise<GetOrder.Result> => {
    const order = await orders.read(read, params.orderId);
    return order ? { status: 200, body: view(order), version: order.version } : notFound(params.orderId);
  };
