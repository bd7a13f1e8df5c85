import type { CreateOrder } from '@atlas/generated-orders';
import { draft } from '../domain/draft.ts';
import type { OrderStore } from '../ports.ts';
import { view } from './view.ts';

export const createOrder =
  ({ orders }: { readonly orders: OrderStore }): CreateOrder.Handler =>
  async ({ body, ctx }, tx) => {
    const drafted = draft({
      orderId: ctx.newId(),
      customerId: body.customerId,
      requesterId: ctx.actor.id,
      currency: body.currency,
      taxRateBasisPoints: body.taxRateBasisPoints,
      lines: body.lines.map((line) => ({
        lineId: ctx.newId(),
        sku: line.sku,
        qty: BigInt(line.qty),
        unitPrice: {
          preciseAmount: BigInt(line.unitPrice.preciseAmount),
          fractionDigits: line.unitPrice.fractionDigits,
        },
        warehouseId: line.warehouseId,
      })),
      createdAt: ctx.now,
    });
    if (!drafted.ok) return { status: 422, problem: drafted.problem };
    const { order } = drafted;
    await orders.insert(tx, order);
    return {
      status: 201,
      body: view(order),
      version: order.version,
      headers: { Location: `/v1/orders/${order.terms.orderId}` },
    };
  };
