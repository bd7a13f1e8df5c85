import type { Json, OperationContract } from './operation.ts';

/** One operation of a service, as the gateway before it sees it. */
export interface GatewayRoute {
  readonly service: string;
  readonly operationId: string;
  readonly method: OperationContract['method'];
  /** As in the API document: `/v1/bookings/{bookingId}`. */
  readonly path: string;
  /** Alternatives of tokens. Within one, all roles are required. Empty: it needs no token. */
  readonly security: OperationContract['security'];
  /** The caller signs the body instead, which the service checks. */
  readonly isSigned?: true;
  /** Absent: it takes no body. */
  readonly body?: {
    /** In bytes. */
    readonly limit: number;
    readonly mediaTypes: readonly string[];
  };
  /** Header parameters of the operation, in lower case. */
  readonly headers?: readonly string[];
  /** It takes an Idempotency-Key. */
  readonly isIdempotent?: true;
  /** How long it may take until the service answers. Absent: the default of the gateway. */
  readonly timeoutMs?: number;
  /** For how long, and to whom, an answer may be given again. */
  readonly cache?: { readonly maxAgeSeconds: number; readonly scope: 'principal' | 'public' };
  readonly deprecated?: { readonly sunset?: string };
}

/** What a gateway lets through: generated. */
export interface GatewayContract {
  readonly routes: readonly GatewayRoute[];
  /** Sets of roles that nobody may have together: a token with all roles of one is refused. */
  readonly toxicRoles?: readonly (readonly string[])[];
  /** The API document of all services. */
  readonly document: Json;
}
