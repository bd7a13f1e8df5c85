/** Time as a port, so that tests can move it. */
export interface Clock {
  /** The date and time, for what is stored and shown. It steps whenever somebody or NTP corrects the machine. */
  now(): Date;
  /** Milliseconds since a fixed moment of this process. It never steps, so it measures waits and durations. */
  monotonic(): number;
  /** Resolves after `ms`, or as soon as the signal aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
