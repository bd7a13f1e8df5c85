import type { Meta, Tx } from '@atlas/runtime';

/** An event of any topic: its name tells what `data` is. */
export interface AnyMessage {
  readonly type: string;
  readonly data: unknown;
  readonly meta: Meta;
}

/**
 * Keeps some tables. Given the same events, it must write the same rows, in whatever order the topics are read: a table
 * is written by one topic, or adds up.
 */
export interface Projection {
  readonly name: string;
  /** Raise it when the same events give other rows: its tables then have to be rebuilt. */
  readonly version: number;
  readonly tables: readonly string[];
  /** Applies events of one partition, in its order. Locks its rows in sorted order. */
  apply(messages: readonly AnyMessage[], tx: Tx): Promise<void>;
}
