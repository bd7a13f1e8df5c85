import type { Order } from '../domain/order.ts';
import type { OrderStore, Tx } from '../ports.ts';

/**
 * The order that an event is about. Other services answer only for orders that were placed here. Without such an order
 * this throws, and the event becomes a dead letter.
 */
export async function orderOf(orders: OrderStore, tx: Tx, orderId: string): Promise<Order> {
  const order = await orders.load(tx, orderId);
  if (!order) throw new Error(`an event is about order ${orderId}, which was never placed here`);
  return order;
}

/** The answer to a request about an order that is not here. */
export function notFound(orderId: string) {
  return { status: 404, problem: { code: 'order-not-found', detail: `there is no order ${orderId}` } } as const;
}
