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

/** Who asks: the subject of the token, or what `ce_actorid` says; never the body. */
export interface Actor {
  readonly id: string;
  readonly roles: readonly string[];
}

/**
 * What a handler may know of the world. A handler may be run again after a serialization failure: `now` and the
 * sequence of ids are the same in each try.
 */
export interface Ctx {
  /** The instant the command or message was taken up, from the clock port. */
  readonly now: Date;
  /** UUIDv7 (RFC 9562), the same sequence in each try. */
  readonly newId: () => string;
  readonly actor: Actor;
  readonly correlationId: string;
}

/** An event as a handler returns it; the plumbing gives it id, time, key and sequence. */
export interface Event<Name extends string = string, Data = unknown> {
  readonly type: Name;
  readonly data: Data;
}

/** What came with a message beside its payload. */
export interface Meta {
  /** `ce_id`, else `topic/partition/offset`. */
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

/** What a handler says about a problem; status, title, type and correlationId are the plumbing's (RFC 9457). */
export interface ProblemOf<Code extends string> {
  readonly code: Code;
  readonly detail?: string;
  readonly errors?: readonly ProblemError[];
}

/** The result of a handler that refuses: a problem, and no event. */
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
