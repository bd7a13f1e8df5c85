import type { Actor, Read, Tx, Ctx } from '../contract/handler.ts';
import type { OperationContract } from '../contract/operation.ts';
import type { AnyHandler, AnyInput } from '../contract/service.ts';
import type { MessageContract } from '../contract/message.ts';
import type { Clock } from '../ports/clock.ts';
import type { SqlSession, Store } from '../ports/sql.ts';
import { idSequence } from '../ids.ts';

/** A request that has been authenticated, authorised and validated. */
export interface Request {
  readonly operation: OperationContract;
  readonly handle: AnyHandler['handle'];
  readonly actor: Actor;
  readonly correlationId: string;
  readonly traceparent: string | null;
  /** All that the handler gets but `ctx`, which differs from try to try. */
  readonly input: Omit<AnyInput, 'ctx'>;
  readonly idempotency: { readonly key: string; readonly digest: Uint8Array } | undefined;
}

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

/** Gives each try its `ctx`: same instant, same ids from the start. */
export function contexts(now: Date, { actor, correlationId }: Pick<Request, 'actor' | 'correlationId'>): () => Ctx {
  const ids = idSequence(now);
  return () => ({ now, newId: ids.start(), actor, correlationId });
}

/** Who asks a public operation. */
export const NOBODY: Actor = { id: 'anonymous', roles: [] };
