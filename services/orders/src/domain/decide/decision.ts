import type { Order } from '../order.ts';

/** An event changes nothing, because of the order's state or because of its own content. It is counted by this text. */
export interface Noop {
  readonly noop: string;
}

/** An event contradicts what is recorded here. Somebody has to find out why. */
export interface Contradiction {
  readonly contradiction: string;
}

export interface Moved<Next extends Order> {
  readonly order: Next;
}

/** The no-op of the state table: the event is stale, is a repetition, or comes in an order that its topic rules out. */
export function noopIn(order: Order): Noop {
  return { noop: order.state };
}
