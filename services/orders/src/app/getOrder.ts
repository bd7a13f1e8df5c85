import type { GetOrder } from '@atlas/generated-orders';
import type { OrderStore } from '../ports.ts';
import { view } from './view.ts';

export const getOrder =
  ({ orders }: { readonly orders: OrderStore }): GetOrder.Handler =>
  async ({ params }, read): Promise<GetOrder.Result> => {
    const order = await orders.read(read, params.orderId);
    if (!order)
      return { status: 404, problem: { code: 'order-not-found', detail: `there is no order ${params.orderId}` } };
    return { status: 200, body: view(order), version: order.version };
  };
