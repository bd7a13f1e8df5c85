declare const txBrand: unique symbol;
declare const readBrand: unique symbol;

/** The transaction that the plumbing opened. Opaque: only a service's adapters unwrap it (`slonikOf(tx)`). */
export interface Tx {
  readonly [txBrand]: true;
}

/** A connection for reading, for GET and HEAD. Opaque, like `Tx`. */
export interface Read {
  readonly [readBrand]: true;
}

/**
 * Who caused the command or the event: the subject of the token, or `ce_actorid`. The body does not decide it. A timer
 * that had to wait, and an event without `ce_actorid`, are of `anonymous`.
 */
export interface Actor {
  readonly id: string;
  readonly roles: readonly string[];
}

/**
 * All that a handler may know besides its input. A handler may run again, after a serialization failure for example:
 * `now` and the sequence of ids are the same in each try.
 */
export interface Ctx {
  /** When the plumbing began with the command or event, from the clock port. */
  readonly now: Date;
  /** UUIDv7 (RFC 9562), the same sequence in each try. */
  readonly newId: () => string;
  readonly actor: Actor;
  readonly correlationId: string;
}

/** All that the handler of a GET or HEAD may know besides its input. */
export interface ReadCtx extends Ctx {
  /**
   * Aborts once the client has left, so that a long read can end early. An error that the handler throws afterwards,
   * such as the signal's reason, is not logged as a failure. A command has no signal, because its effects matter even
   * if the client has left.
   */
  readonly signal: AbortSignal;
}

/**
 * All that a handler of a set may know besides its messages. The actor and the ids are those of each message.
 */
export type SetCtx = Pick<Ctx, 'now' | 'newId'>;

/** An entity tag as it is sent (RFC 9110, section 8.8.3): `"9f86d081"`, or weak, `W/"9f86d081"`. */
export type EntityTag = `"${string}"` | `W/"${string}"`;

/**
 * The condition of `If-Match` if tags are not versions (RFC 9110, section 13.1.1): the resource exists, or has one of
 * these tags. Compare with `matchesTag`. Weak tags are left out, because they never match here.
 */
export type IfMatch = '*' | readonly EntityTag[];

/** The data of a signed request (Standard Webhooks) besides its body. */
export interface Webhook {
  /** `webhook-id`: the same in each delivery of one event. */
  readonly id: string;
  /** When this delivery was signed. */
  readonly sentAt: Date;
}

/** An event as a handler returns it. The plumbing adds id, time, key and sequence. */
export interface Event<Name extends string = string, Data = unknown> {
  readonly type: Name;
  readonly data: Data;
}

/** The data of an event besides its payload. */
export interface Meta {
  /** `ce_id`, or `topic/partition/offset` if there is none. */
  readonly id: string;
  readonly type: string;
  readonly source: string | undefined;
  readonly time: Date;
  readonly correlationId: string;
  readonly causationId: string | undefined;
  /** `ce_sequence`: contiguous per topic and key, from 1. */
  readonly sequence: bigint | undefined;
  readonly actorId: string | undefined;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  /** 1 for the first try. */
  readonly attempt: number;
}

/** What a handler says about a problem (RFC 9457). The plumbing adds status, title, type and correlation id. */
export interface ProblemOf<Code extends string> {
  readonly code: Code;
  readonly detail?: string;
  readonly errors?: readonly ProblemError[];
}

/** The result of a handler that refuses: a problem and no event. */
export interface Problem<Status extends number, Code extends string> {
  readonly status: Status;
  readonly problem: ProblemOf<Code>;
  readonly events?: never;
}

export interface ProblemError {
  /** JSON Pointer (RFC 6901) into the body; `/query/limit`, `/path/bookingId`, `/header/...` for parameters. */
  readonly pointer: string;
  readonly detail: string;
}
