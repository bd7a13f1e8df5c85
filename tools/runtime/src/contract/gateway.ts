import type { Json, OperationContract } from './operation.ts';

/** One operation of a service, as its gateway sees it. */
export interface GatewayRoute {
  readonly service: string;
  readonly operationId: string;
  readonly method: OperationContract['method'];
  /** As the API document spells it: `/v1/bookings/{bookingId}`. */
  readonly path: string;
  /** Alternatives of tokens. Within one, all roles are required. An empty list means that it needs no token. */
  readonly security: OperationContract['security'];
  /** Set if the caller signs the body instead. The service checks the signature. */
  readonly isSigned?: true;
  /** Absent if it takes no body. */
  readonly body?: {
    /** In bytes. */
    readonly limit: number;
    readonly mediaTypes: readonly string[];
  };
  /** Header parameters of the operation, in lower case. */
  readonly headers?: readonly string[];
  /** Set if it takes an Idempotency-Key. */
  readonly isIdempotent?: true;
  /** How long the service may take to answer. If absent, the gateway's default applies. */
  readonly timeoutMs?: number;
  /** For how long, and for whom, an answer may be cached. */
  readonly cache?: { readonly maxAgeSeconds: number; readonly scope: 'principal' | 'public' };
  readonly deprecated?: { readonly sunset?: string };
}

/** The operations that a gateway passes on; generated. */
export interface GatewayContract {
  readonly routes: readonly GatewayRoute[];
  /** Sets of roles that nobody may have together. A token with all roles of one set is refused. */
  readonly toxicRoles?: readonly (readonly string[])[];
  /** The API document of all services. */
  readonly document: Json;
}
