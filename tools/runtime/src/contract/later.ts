import type { Codec, RetryContract } from './message.ts';

/*
 * Functions are declared as methods for the same reason as in message.ts: a list of timers holds
 * `TimerContract<unknown>`.
 */

/** Sets a timer, or moves the one with the same name and key to another time and payload. */
export interface SetTimer<Name extends string = string, Data = unknown> {
  readonly set: Name;
  /** At most 255 characters. A service has one timer per name and key. */
  readonly key: string;
  /** By the clock of the database. If it is in the past, the timer is due at once. */
  readonly at: Date;
  readonly data: Data;
}

/** Cancels a timer. It does nothing if there is none, for example because it has fired. */
export interface CancelTimer<Name extends string = string> {
  readonly cancel: Name;
  readonly key: string;
}

/** Starts an effect, unless one with the same name and key was started before and is not settled yet. */
export interface StartEffect<Name extends string = string, Data = unknown> {
  readonly start: Name;
  /** At most 255 characters. */
  readonly key: string;
  readonly data: Data;
}

/** What a timer's handler gets besides its payload. */
export interface Due {
  readonly key: string;
  /** The time for which it was set. */
  readonly at: Date;
  /** 1 for the first try. */
  readonly attempt: number;
}

/** What the call of an effect gets besides its payload. It runs outside of any transaction. */
export interface Call {
  readonly key: string;
  /** The same in each try, so that the outside system does its work once. A UUID version 7. */
  readonly idempotencyKey: string;
  readonly correlationId: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Aborts at the effect's timeout, and when the service stops. */
  readonly signal: AbortSignal;
}

/** The Avro record of a payload as data. */
export interface PayloadContract<Data> {
  /** The record's full name. */
  readonly type: string;
  readonly schema: string;
  readonly fingerprint: string;
  readonly codec: Codec<Data>;
}

/** One timer as data. */
export interface TimerContract<Data> {
  readonly name: string;
  /** `on<Name>`: the name of its handler. */
  readonly handler: string;
  readonly payload: PayloadContract<Data>;
  readonly emits: readonly (readonly string[])[];
  readonly retry: RetryContract;
}

/** One effect as data. Its handler has the same name. */
export interface EffectContract<Request, Outcome> {
  readonly name: string;
  readonly payload: PayloadContract<Request>;
  readonly outcome: PayloadContract<Outcome>;
  /** How long `perform` may take. */
  readonly timeoutMs: number;
  readonly emits: readonly (readonly string[])[];
  readonly retry: RetryContract;
}
