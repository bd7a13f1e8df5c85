/** Time as a port, so that tests can move it. */
export interface Clock {
  /** The date and time, for values that are stored or shown. It jumps when the machine's clock is corrected. */
  now(): Date;
  /** Milliseconds since a fixed moment of this process. It never jumps, so use it to measure waits and durations. */
  monotonic(): number;
  /** Resolves after `ms`, or as soon as the signal aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
