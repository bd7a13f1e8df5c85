import type { Contradiction, Moved, Noop } from '../domain/decide/decision.ts';
import type { Order } from '../domain/order.ts';
import type { OrderStore, Tx } from '../ports.ts';
import { orderOf } from './orderOf.ts';

/** The answer to a decision about something that is not an order. */
export const ANOTHER_SUBJECT = { events: [], noop: 'another subject' } as const;

interface Reaction<Decided extends Moved<Order>, Events> {
  readonly orderId: string;
  readonly decide: (order: Order) => Decided | Noop | Contradiction;
  readonly events: (decided: Decided) => Events;
}

/**
 * Changes the order that an event is about, as the state table says. For an event that contradicts the order it throws,
 * so the event becomes a dead letter and its key waits for an operator.
 */
export async function answer<Decided extends Moved<Order>, const Events extends readonly unknown[]>(
  orders: OrderStore,
  tx: Tx,
  { orderId, decide, events }: Reaction<Decided, Events>,
): Promise<{ readonly events: Events | readonly []; readonly noop?: string }> {
  const decided = decide(await orderOf(orders, tx, orderId));
  if ('noop' in decided) return { events: [], noop: decided.noop };
  if ('contradiction' in decided) throw new Error(decided.contradiction);
  await orders.save(tx, decided.order);
  return { events: events(decided) };
}
