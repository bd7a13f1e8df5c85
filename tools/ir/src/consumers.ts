import type { Receive } from './events.ts';

/** A handler of events with what it reads: one message, or all messages of an operation with `x-atlas-batch`. */
export interface Consumer {
  readonly handler: string;
  readonly first: Receive;
  readonly receives: readonly Receive[];
}

/** The handlers of events that a service needs, in the order of `receives`. */
export function consumersOf({ receives }: { readonly receives: readonly Receive[] }): readonly Consumer[] {
  return [...Map.groupBy(receives, ({ handler }) => handler)].flatMap(([handler, [first, ...others]]) =>
    first ? [{ handler, first, receives: [first, ...others] }] : [],
  );
}
