import type { CancelOrder } from '@atlas/generated-orders';
import { cancel } from '../domain/decide/commands.ts';
import type { OrderStore } from '../ports.ts';
import { orderCancellationRequested, orderCancelled } from './events.ts';
import { notFound } from './orderOf.ts';
import { view } from './view.ts';

export const cancelOrder =
  ({ orders }: { readonly orders: OrderStore }): CancelOrder.Handler =>
  async ({ params, ifMatch, ctx }, tx): Promise<CancelOrder.Result> => {
    const order = await orders.load(tx, params.orderId, ifMatch);
    if (!order) return notFound(params.orderId);
    const cancelling = cancel(order, { requestedBy: ctx.actor.id, requestedAt: ctx.now }, ctx.actor.roles);
    if (!cancelling.ok) {
      const { code, detail } = cancelling.problem;
      return code === 'order-not-paid'
        ? { status: 403, problem: { code, detail } }
        : { status: 409, problem: { code, detail } };
    }
    const next = cancelling.order;
    await orders.save(tx, next);
    return {
      status: 200,
      body: view(next),
      version: next.version,
      events: next.state === 'CANCELLED' ? [orderCancelled(next)] : [orderCancellationRequested(next)],
    };
  };
