/** Stops calling an outside system for a while after it has failed several times in a row. */
export interface Breaker {
  /**
   * Does the work and returns its result. While the breaker is open, returns undefined without doing the work. After a
   * while one caller may try, and the others wait for the outcome. Work that throws is neither a success nor a failure.
   */
  guard<Result extends Guarded>(work: () => Promise<Result>): Promise<Result | undefined>;
}

/** The result of guarded work. */
export interface Guarded {
  /** Whether the outside system failed. */
  readonly fault: boolean;
}

export interface BreakerOptions {
  /** How many failures in a row open it. */
  readonly failures: number;
  /** For how many milliseconds no work is done then. */
  readonly restMs: number;
  readonly changed: (state: 'open' | 'closed') => void;
}
