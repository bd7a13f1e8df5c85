import type { Ctx, Event, IfMatch, Meta, Read, SetCtx, Tx, Webhook } from './handler.ts';
import type { Call, CancelTimer, Due, EffectContract, SetTimer, StartEffect, TimerContract } from './later.ts';
import type { Json, OperationContract } from './operation.ts';
import type { ConsumerContract, MessageContract } from './message.ts';

/** What the handler of any operation gets; generated `Input` types narrow it. */
export interface AnyInput {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly headers?: unknown;
  readonly body?: unknown;
  /** The media type to answer 200 with. Absent if the operation offers no choice. */
  readonly accept?: string;
  /** The version in `If-Match`, or its condition if tags are not versions. */
  readonly ifMatch?: bigint | IfMatch;
  /** Only for signed requests. */
  readonly webhook?: Webhook;
  readonly ctx: Ctx;
}

/** What any handler asks for besides its answer. The plumbing does it in the handler's transaction. */
export interface FollowUps {
  readonly events?: readonly Event[];
  readonly timers?: readonly (SetTimer | CancelTimer)[];
  readonly effects?: readonly StartEffect[];
}

/** What the handler of any operation returns; generated `Result` types narrow it. */
export interface AnyResult extends FollowUps {
  readonly status: number;
  readonly body?: unknown;
  /** The media type of `body`. If absent, the body is JSON, otherwise text or an `AsyncIterable<string>`. */
  readonly mediaType?: string;
  readonly version?: bigint;
  readonly headers?: Readonly<Record<string, string | number | boolean>>;
  readonly problem?: {
    readonly code: string;
    readonly detail?: string;
    readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
  };
}

/** What the handler of any event gets; generated `Input` types narrow it. */
export interface AnyEventInput {
  readonly data: unknown;
  readonly meta: Meta;
  readonly ctx: Ctx;
}

/** What the handler of any set of messages gets; generated `Input` types narrow it. */
export interface AnySetInput {
  readonly messages: readonly { readonly type: string; readonly data: unknown; readonly meta: Meta }[];
  readonly ctx: SetCtx;
}

/** What the handler of any event returns; generated `Result` types narrow it. */
export interface AnyEventResult extends FollowUps {
  readonly events: readonly Event[];
  /** The state in which the event changed nothing. It is counted. */
  readonly noop?: string;
}

/**
 * A handler of any operation. A method on purpose: TypeScript compares the parameters of methods bivariantly, so that
 * each generated `Handler` is assignable. The generated contract pairs it with its operation.
 */
export interface AnyHandler {
  handle(input: AnyInput, session: Tx | Read): Promise<AnyResult>;
}

/** A handler of any event. A method for the same reason. */
export interface AnyConsumer {
  handle(input: AnyEventInput, tx: Tx): Promise<AnyEventResult>;
}

/**
 * A handler of any event or of any set, as the contracts of its name say. A method for the same reason. The plumbing
 * checks that a set has one answer per message.
 */
export interface AnyEventHandler {
  handle(input: AnyEventInput | AnySetInput, tx: Tx): Promise<AnyEventResult | readonly AnyEventResult[]>;
}

/** Handlers by operation id. */
export type HandlerTable = Readonly<Record<string, AnyHandler['handle']>>;

/** Handlers of events by consumer name. */
export type ConsumerTable = Readonly<Record<string, AnyEventHandler['handle']>>;

/** What the handler of any timer gets; generated `Input` types narrow it. */
export interface AnyTimerInput {
  readonly data: unknown;
  readonly timer: Due;
  readonly ctx: Ctx;
}

/** A handler of any timer. A method, so that each generated `Handler` is assignable. */
export interface AnyTimerHandler {
  handle(input: AnyTimerInput, tx: Tx): Promise<AnyEventResult>;
}

/** A handler of any effect: the call to the outside, then the settling of its outcome. */
export interface AnyEffectHandler {
  /** Runs outside of any transaction, and again if the process dies, so it must send the idempotency key. */
  perform(input: { readonly data: unknown; readonly call: Call }): Promise<unknown>;
  /** Runs in a transaction. */
  settle(
    input: { readonly data: unknown; readonly outcome: unknown; readonly key: string; readonly ctx: Ctx },
    tx: Tx,
  ): Promise<AnyEventResult>;
}

/** Handlers of timers by handler name. */
export type TimerTable = Readonly<Record<string, AnyTimerHandler['handle']>>;

/** Handlers of effects by name. */
export type EffectTable = Readonly<Record<string, AnyEffectHandler>>;

declare const runs: unique symbol;

/** A service as data: what `@atlas/generated-<service>` exports as `contract`. */
export interface ServiceContract<
  Handlers extends HandlerTable = HandlerTable,
  Consumers extends ConsumerTable = ConsumerTable,
  Timers extends TimerTable = TimerTable,
  Effects extends EffectTable = EffectTable,
> {
  /** Never has a value. Its type is that of the handlers that `runService` asks for. */
  readonly [runs]?: {
    readonly handlers: Handlers;
    readonly consumers: Consumers;
    readonly timers: Timers;
    readonly effects: Effects;
  };
  readonly service: string;
  /** The self-contained OpenAPI document that is served as the reference. Undefined for a service without REST. */
  readonly document: Json | undefined;
  readonly operations: readonly OperationContract[];
  /** The prefix of the paths of all operations, such as `/v3`. */
  readonly basePath?: string;
  /** Sets of roles that nobody may have together. A token with all roles of one set is refused. */
  readonly toxicRoles?: readonly (readonly string[])[];
  /** The messages that it sends. */
  readonly messages: readonly MessageContract<unknown>[];
  readonly consumers: readonly ConsumerContract<unknown>[];
  /** Its timers. Absent if it has none. */
  readonly timers?: readonly TimerContract<unknown>[];
  /** The calls to the outside that its handlers may ask for. Absent if there are none. */
  readonly effects?: readonly EffectContract<unknown, unknown>[];
  /** Its dead-letter topic, without the namespace. Undefined without consumers, timers and effects. */
  readonly dlqTopic: string | undefined;
  /** Folder of the generated outbox migrations. */
  readonly migrations: URL;
}
