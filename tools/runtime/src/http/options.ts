import type { Json, OperationContract } from '../contract/operation.ts';
import type { HandlerTable } from '../contract/service.ts';
import type { Plumbing } from '../command/plumbing.ts';
import type { Authenticator } from '../ports/authenticator.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';

/** What the REST side of a service is made of. */
export interface AppOptions {
  readonly operations: readonly OperationContract[];
  /** Served as the reference; none without it. */
  readonly document: Json | undefined;
  /** By operation id. */
  readonly handlers: HandlerTable;
  readonly plumbing: Plumbing;
  readonly authenticator: Authenticator;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Most bytes of a body; 1 MiB unless told. */
  readonly bodyLimit?: number;
  /** Milliseconds for a request to arrive in full. */
  readonly requestTimeout?: number;
}
