/** Time, so that tests can move it. */
export interface Clock {
  now(): Date;
  /** Resolves after `ms` or at once when the signal aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
