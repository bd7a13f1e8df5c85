import type { Actor } from '../contract/handler.ts';
import type { OperationContract } from '../contract/operation.ts';
import type { AnyHandler, AnyInput } from '../contract/service.ts';

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
