import type { Order } from '../domain/order.ts';
import type { OrderStore, Tx } from '../ports.ts';

/** The order that an event is about. There always is one, for Inventory only answers: so none is an error, and a dead letter. */
export async function orderOf(orders: OrderStore, tx: Tx, orderId: string): Promise<Order> {
  const order = await orders.load(tx, orderId);
  if (!order) throw new Error(`stock was answered for order ${orderId}, which was never placed here`);
  return order;
}
