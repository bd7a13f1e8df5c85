import type { PlaceOrder } from '@atlas/generated-orders';
import { canonicalTerms } from '../domain/canonicalTerms.ts';
import { place } from '../domain/decide/commands.ts';
import type { OrderStore, Sha256 } from '../ports.ts';
import { orderPlaced } from './events.ts';
import { notFound } from './orderOf.ts';
import { view } from './view.ts';

export const placeOrder =
  ({ orders, sha256 }: { readonly orders: OrderStore; readonly sha256: Sha256 }): PlaceOrder.Handler =>
  async ({ params, ifMatch, ctx }, tx): Promise<PlaceOrder.Result> => {
    const order = await orders.load(tx, params.orderId, ifMatch);
    if (!order) return notFound(params.orderId);
    const placing = place(order, { placedAt: ctx.now, digest: sha256(canonicalTerms(order.terms)) });
    if (!placing.ok) return { status: 409, problem: placing.problem };
    const placed = placing.order;
    await orders.save(tx, placed);
    return { status: 200, body: view(placed), version: placed.version, events: [orderPlaced(placed)] };
  };
