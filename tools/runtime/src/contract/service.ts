import type { Ctx, Event, Meta, Read, Tx } from './handler.ts';
import type { Json, OperationContract } from './operation.ts';
import type { ConsumerContract, MessageContract } from './message.ts';

/** What the HTTP plumbing gives a handler, whatever its operation; generated `Input` types narrow it. */
export interface AnyInput {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly headers?: unknown;
  readonly body?: unknown;
  /** The version in `If-Match`. */
  readonly ifMatch?: bigint;
  readonly ctx: Ctx;
}

/** What a handler returns, whatever its operation; generated `Result` types narrow it. */
export interface AnyResult {
  readonly status: number;
  readonly body?: unknown;
  readonly version?: bigint;
  readonly headers?: Readonly<Record<string, string | number | boolean>>;
  readonly problem?: {
    readonly code: string;
    readonly detail?: string;
    readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
  };
  readonly events?: readonly Event[];
}

/**
 * How generated tables hold handlers of differing types. Method syntax on purpose: parameters are compared
 * bivariantly, so each generated handler type is assignable; the generated contract is what pairs it with its operation.
 */
export interface AnyHandler {
  handle(input: AnyInput, session: Tx | Read): Promise<AnyResult>;
}

export interface AnyConsumer {
  handle(
    message: { readonly data: unknown; readonly meta: Meta },
    ctx: Ctx,
    tx: Tx,
  ): Promise<{ readonly events: readonly Event[]; readonly noop?: string }>;
}

/** A service as data: what `@atlas/generated-<service>` exports as `contract`. */
export interface ServiceContract<Handlers = unknown, Consumers = unknown> {
  readonly service: string;
  /** The self-contained OpenAPI document that is served as the reference; absent for a service without REST. */
  readonly document: Json | undefined;
  readonly operations: readonly OperationContract[];
  /** What it sends. */
  readonly messages: readonly MessageContract<unknown>[];
  readonly consumers: readonly ConsumerContract<unknown>[];
  /** Its dead-letter topic, without namespace; absent where it reads nothing. */
  readonly dlqTopic: string | undefined;
  /** Folder of the generated outbox migrations. */
  readonly migrations: URL;
  /** Looks a handler up by operation or consumer name; generated, so that types hold without casts. */
  readonly bindHandlers: (handlers: Handlers) => Readonly<Record<string, AnyHandler['handle']>>;
  readonly bindConsumers: (consumers: Consumers) => Readonly<Record<string, AnyConsumer['handle']>>;
}
