/** Stops calling an outside system for a while after it has failed several times in a row. */
export interface Breaker {
  /**
   * Does the work, and gives what it gives. Gives undefined, without doing it, while the breaker is open. After a while
   * one caller may try; the others wait for how that ends. Work that throws counts as neither success nor failure.
   */
  guard<Result extends Guarded>(work: () => Promise<Result>): Promise<Result | undefined>;
}

/** What guarded work gives. */
export interface Guarded {
  /** Whether the outside system failed, so that it counts. */
  readonly fault: boolean;
}

export interface BreakerOptions {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** For how many milliseconds nobody calls. */
  readonly restMs: number;
  readonly changed: (state: 'open' | 'closed') => void;
}
