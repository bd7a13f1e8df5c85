import type { Consumers } from '@atlas/generated-reporting';
import type { Tx } from '@atlas/runtime';

/** An event of any topic. `type` is its name and decides the type of `data`. */
export type AnyMessage = Parameters<Consumers[keyof Consumers]>[0]['messages'][number];

/** An event with one of these names. */
export type MessageOf<Type extends AnyMessage['type']> = Extract<AnyMessage, { readonly type: Type }>;

/** Makes a predicate for events with these names. */
export function oneOf<Type extends AnyMessage['type']>(...types: readonly Type[]) {
  const names: ReadonlySet<string> = new Set(types);
  return (message: AnyMessage): message is MessageOf<Type> => names.has(message.type);
}

/**
 * Maintains some tables. The same events must give the same rows, however the topics are interleaved and however their
 * events are cut into sets. So a table is either written by one topic only, or contains sums.
 */
export interface Projection {
  readonly name: string;
  /** Raise it when the same events give other rows, because then its tables must be rebuilt. */
  readonly version: number;
  readonly tables: readonly string[];
  /** Applies events of one partition, in its order. Locks its rows in sorted order. */
  apply(messages: readonly AnyMessage[], tx: Tx): Promise<void>;
}
