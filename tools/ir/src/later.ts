import type { AvroRecord } from './avro.ts';
import type { EmitTuple, RetryPolicy } from './events.ts';
import type { Loc } from './location.ts';

/** What a timer or an effect carries: an Avro record, stored as bytes, because code of another version may read it. */
export interface Payload {
  readonly loc: Loc;
  /** Its name in TypeScript: `ReservationExpiry`. */
  readonly name: string;
  readonly avro: AvroRecord;
  /** The schema as one compact JSON text, with all names inlined. */
  readonly schemaText: string;
  /** First 32 hex digits of SHA-256 over `schemaText` (UTF-8). */
  readonly fingerprint: string;
}

/** What a service does at a time that a handler has set: one entry of `x-atlas-timers`. */
export interface Timer {
  readonly loc: Loc;
  /** Its key in the document, in camelCase: `reservationExpiry`. */
  readonly name: string;
  /** `on<Name>`: the handler's name, unique in the service. */
  readonly handler: string;
  readonly summary?: string;
  readonly payload: Payload;
  /** Alternatives of what it emits; [[]] if it emits nothing. */
  readonly emits: readonly EmitTuple[];
  readonly retry: RetryPolicy;
}

/** A call to the outside that a handler has requested: one entry of `x-atlas-effects`. */
export interface Effect {
  readonly loc: Loc;
  /** Its key in the document, in camelCase, and the handler's name: `chargePayment`. */
  readonly name: string;
  readonly summary?: string;
  readonly payload: Payload;
  /** The result of the call. */
  readonly outcome: Payload;
  /** How long the call may take. */
  readonly timeoutMs: number;
  /** Alternatives of what is emitted when the outcome is settled; [[]] if nothing is. */
  readonly emits: readonly EmitTuple[];
  readonly retry: RetryPolicy;
}
