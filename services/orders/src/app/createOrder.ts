import type { CreateOrder } from '@atlas/generated-orders';
import { draft, type DraftProblem } from '../domain/draft.ts';
import type { OrderStore } from '../ports.ts';
import { view } from './view.ts';

/** The part of the body that a problem is about. */
const POINTERS: Readonly<Record<DraftProblem['code'], string>> = {
  'order-empty': '/lines',
  'currency-unknown': '/currency',
  'amount-too-large': '/lines',
};

export const createOrder =
  ({ orders }: { readonly orders: OrderStore }): CreateOrder.Handler =>
  async ({ body, ctx }, tx): Promise<CreateOrder.Result> => {
    const drafted = draft({
      orderId: ctx.newId(),
      customerId: canonical(body.customerId),
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
        warehouseId: line.warehouseId === undefined ? undefined : canonical(line.warehouseId),
      })),
      createdAt: ctx.now,
    });
    if (!drafted.ok) {
      const { code, detail } = drafted.problem;
      return { status: 422, problem: { code, detail, errors: [{ pointer: POINTERS[code], detail }] } };
    }
    const { order } = drafted;
    await orders.insert(tx, order);
    return {
      status: 201,
      body: view(order),
      version: order.version,
      headers: { Location: `/v1/orders/${order.terms.orderId}` },
    };
  };

/** UUIDs are read in any case and written in lower case (RFC 9562, section 4), as the database returns them. */
function canonical(id: string): string {
  return id.toLowerCase();
}
