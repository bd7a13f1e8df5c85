import type { Actor, Read, Tx, Ctx } from '../contract/handler.ts';
import type { OperationContract } from '../contract/operation.ts';
import type { AnyHandler, AnyInput, ServiceContract } from '../contract/service.ts';
import type { MessageContract } from '../contract/message.ts';
import type { Wake } from '../outbox/written.ts';
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
  /** What the handler gets, except `ctx`, which is new in each try. */
  readonly input: Omit<AnyInput, 'ctx'>;
  readonly idempotency: { readonly key: string; readonly digest: Uint8Array } | undefined;
}

/** What a command needs from its process. */
export interface Plumbing {
  readonly store: Store;
  readonly clock: Clock;
  /** The messages that the service sends. */
  readonly messages: readonly MessageContract<unknown>[];
  /** Its timers and effects. */
  readonly later?: Pick<ServiceContract, 'timers' | 'effects'>;
  /** Turns the store's session into the `Tx` that handlers get. */
  readonly txOf: (session: SqlSession) => Tx;
  readonly readOf: (session: SqlSession) => Read;
  /** Called after a commit that left events in the outbox, timers or effects. */
  readonly wake: Wake;
  /** The longest body of an event in bytes, `MAX_EVENT_BYTES` by default. */
  readonly maxEventBytes?: number;
}

/** Returns a function that makes the `ctx` for each try, always with the same instant and the same ids. */
export function contextPerTry(
  now: Date,
  { actor, correlationId }: Pick<Request, 'actor' | 'correlationId'>,
): () => Ctx {
  const ids = idSequence(now);
  return () => ({ now, newId: ids.start(), actor, correlationId });
}

/** The actor of a public operation, and of an event without `ce_actorid`. */
export const NOBODY: Actor = { id: 'anonymous', roles: [] };

/** The actor of a signed request. */
export const WEBHOOK: Actor = { id: 'webhook', roles: [] };
