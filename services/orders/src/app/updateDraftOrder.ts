import type { UpdateDraftOrder } from '@atlas/generated-orders';
import { change } from '../domain/decide/commands.ts';
import type { OrderStore } from '../ports.ts';
import { canonical, newLine, unpriced } from './newLine.ts';
import { notFound } from './orderOf.ts';
import { view } from './view.ts';

export const updateDraftOrder =
  ({ orders }: { readonly orders: OrderStore }): UpdateDraftOrder.Handler =>
  async ({ params, ifMatch, body, ctx }, tx): Promise<UpdateDraftOrder.Result> => {
    const order = await orders.load(tx, params.orderId, ifMatch);
    if (!order) return notFound(params.orderId);
    const { customerId, currency, taxRateBasisPoints, terms, lines } = body;
    const changed = change(
      order,
      {
        ...(customerId === undefined ? {} : { customerId: canonical(customerId) }),
        ...(currency === undefined ? {} : { currency }),
        ...(taxRateBasisPoints === undefined ? {} : { taxRateBasisPoints }),
        ...(terms === undefined ? {} : { payment: terms }),
        ...(lines === undefined ? {} : { lines: lines.map((line) => newLine(line, ctx.newId())) }),
      },
      ctx.actor.id,
    );
    if (!changed.ok) {
      const { problem } = changed;
      return problem.code === 'order-not-draft'
        ? { status: 409, problem: { code: problem.code, detail: problem.detail } }
        : unpriced({ code: problem.code, detail: problem.detail });
    }
    await orders.save(tx, changed.order);
    return { status: 200, body: view(changed.order), version: changed.order.version };
  };
