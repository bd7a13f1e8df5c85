import type { Order } from '../order.ts';

/** An event means nothing: because of the order's state, or because of what else it says. It is counted by the text. */
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

/** The no-op of the state table: the event is stale, a repetition, or comes in a sequence that its topic rules out. */
export function noopIn(order: Order): Noop {
  return { noop: order.state };
}
