import type { DiscardOrder } from '@atlas/generated-orders';
import { discard } from '../domain/decide/commands.ts';
import type { OrderStore } from '../ports.ts';
import { notFound } from './orderOf.ts';
import { view } from './view.ts';

export const discardOrder =
  ({ orders }: { readonly orders: OrderStore }): DiscardOrder.Handler =>
  async ({ params, ifMatch, ctx }, tx): Promise<DiscardOrder.Result> => {
    const order = await orders.load(tx, params.orderId, ifMatch);
    if (!order) return notFound(params.orderId);
    const discarding = discard(order, { requestedBy: ctx.actor.id, requestedAt: ctx.now });
    if (!discarding.ok) return { status: 409, problem: discarding.problem };
    const discarded = discarding.order;
    await orders.save(tx, discarded);
    return { status: 200, body: view(discarded), version: discarded.version };
  };
