import type { Read, Tx } from '../contract/handler.ts';
import type { MessageContract } from '../contract/message.ts';
import type { Clock } from '../ports/clock.ts';
import type { SqlSession, Store } from '../ports/sql.ts';

/** What a command needs of the process it runs in. */
export interface Plumbing {
  readonly store: Store;
  readonly clock: Clock;
  /** What the service sends. */
  readonly messages: readonly MessageContract<unknown>[];
  /** The store's session as handlers know it. */
  readonly txOf: (session: SqlSession) => Tx;
  readonly readOf: (session: SqlSession) => Read;
  /** Called after a commit that left events in the outbox. */
  readonly wake: () => void;
  /** Cap of one event's body in bytes; `MAX_EVENT_BYTES` unless told. */
  readonly maxEventBytes?: number;
}
