import type { CacheRule, HttpMethod, SecurityAlternative } from './http.ts';
import type { JsonObject } from './json.ts';
import type { Loc } from './location.ts';

/** The one door in front of all services: what it lets through, and to which service. */
export interface Gateway {
  readonly loc: Loc;
  /** Sets of roles that nobody may have together. */
  readonly toxicRoles: readonly (readonly string[])[];
  /** Sorted by path, then by method. */
  readonly routes: readonly GatewayRoute[];
  /** The documents of all services as one: valid OpenAPI 3.1, in which names of different things differ. */
  readonly document: JsonObject;
}

/** One operation of a service, as the gateway sees it. */
export interface GatewayRoute {
  readonly loc: Loc;
  readonly service: string;
  readonly operationId: string;
  readonly method: HttpMethod;
  /** The path, with the base path of the service: `/v1/bookings/{bookingId}`. */
  readonly path: string;
  /** Alternatives of bearer tokens, of which one is enough. Empty: anybody may call it. */
  readonly security: readonly SecurityAlternative[];
  /** Whether the caller signs the body instead of sending a token. Only the service can check a signature. */
  readonly isSigned: boolean;
  /** The longest body in bytes. Absent if the operation accepts no body. */
  readonly bodyLimit?: number;
  /** The media types of the body, as the document names them. */
  readonly mediaTypes: readonly string[];
  /** Header parameters of the operation, in lower case. */
  readonly headers: readonly string[];
  /** Whether the operation accepts an Idempotency-Key, so that sending it twice is safe. */
  readonly isIdempotent: boolean;
  /** `x-atlas-timeout`, in milliseconds. */
  readonly timeoutMs?: number;
  /** `x-atlas-cache`. */
  readonly cache?: CacheRule;
  readonly deprecated: boolean;
  /** `x-atlas-sunset`, an ISO date. */
  readonly sunset?: string;
}
