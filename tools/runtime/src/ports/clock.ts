/** Time as a port, so that tests can move it. */
export interface Clock {
  now(): Date;
  /** Resolves after `ms`, or as soon as the signal aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
