import type { Consumers } from '@atlas/generated-reporting';
import type { Tx } from '@atlas/runtime';

/** An event of any topic: `type` is its name and tells what `data` is. */
export type AnyMessage = Parameters<Consumers[keyof Consumers]>[0]['messages'][number];

/** An event with one of these names. */
export type MessageOf<Type extends AnyMessage['type']> = Extract<AnyMessage, { readonly type: Type }>;

/** Tells the events with these names from others. */
export function oneOf<Type extends AnyMessage['type']>(...types: readonly Type[]) {
  const names: ReadonlySet<string> = new Set(types);
  return (message: AnyMessage): message is MessageOf<Type> => names.has(message.type);
}

/**
 * Keeps some tables. Given the same events, it must write the same rows, however the topics are interleaved and however
 * their events are cut into sets: a table is written by one topic, or adds up.
 */
export interface Projection {
  readonly name: string;
  /** Raise it when the same events give other rows: its tables then have to be rebuilt. */
  readonly version: number;
  readonly tables: readonly string[];
  /** Applies events of one partition, in its order. Locks its rows in sorted order. */
  apply(messages: readonly AnyMessage[], tx: Tx): Promise<void>;
}
