import type { Order } from '../domain/order.ts';
import type { OrderStore, Tx } from '../ports.ts';

/**
 * The order that an event is about. Other services send events only about orders that were placed here. Throws if there
 * is no such order, and the event becomes a dead letter.
 */
export async function orderOf(orders: OrderStore, tx: Tx, orderId: string): Promise<Order> {
  const order = await orders.load(tx, orderId);
  if (!order) throw neverPlaced(orderId);
  return order;
}

export function neverPlaced(orderId: string): Error {
  return new Error(`an event is about order ${orderId}, which was never placed here`);
}

/** The answer to a request about an order that does not exist. */
export function notFound(orderId: string) {
  return { status: 404, problem: { code: 'order-not-found', detail: `there is no order ${orderId}` } } as const;
}
