import type { CreateOrder } from '@atlas/generated-orders';
import { draft } from '../domain/draft.ts';
import type { OrderStore } from '../ports.ts';
import { canonical, newLine, unpriced } from './newLine.ts';
import { view } from './view.ts';

export const createOrder =
  ({ orders }: { readonly orders: OrderStore }): CreateOrder.Handler =>
  async ({ body, ctx }, tx): Promise<CreateOrder.Result> => {
    const drafted = draft({
      orderId: ctx.newId(),
      customerId: canonical(body.customerId),
      requesterId: ctx.actor.id,
      currency: body.currency,
      taxRateBasisPoints: body.taxRateBasisPoints,
      payment: body.terms ?? 'PREPAID',
      lines: body.lines.map((line) => newLine(line, ctx.newId())),
      createdAt: ctx.now,
    });
    if (!drafted.ok) return unpriced(drafted.problem);
    const { order } = drafted;
    await orders.insert(tx, order);
    return {
      status: 201,
      body: view(order),
      version: order.version,
      headers: { Location: `/v1/orders/${order.terms.orderId}` },
    };
  };
