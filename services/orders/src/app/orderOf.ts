import type { Order } from '../domain/order.ts';
import type { OrderStore, Tx } from '../ports.ts';

/**
 * The order that an event is about. Inventory only answers for orders that were placed here. Without such an order this
 * throws, and the event becomes a dead letter.
 */
export async function orderOf(orders: OrderStore, tx: Tx, orderId: string): Promise<Order> {
  const order = await orders.load(tx, orderId);
  if (!order) throw new Error(`Inventory answered for order ${orderId}, which was never placed here`);
  return order;
}
