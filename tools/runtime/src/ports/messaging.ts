/** One thing that readiness looks at. */
export interface Check {
  readonly name: string;
  /** False takes the instance out of service; a note alone only says something. */
  readonly ok: boolean;
  /** A sentence: what is wrong and what to do about it. */
  readonly note?: string;
}

/** Relay and consumer of a started service. */
export interface RunningMessaging {
  /** A transaction with events has committed: publish now rather than at the next poll. */
  wake(): void;
  readiness(): Promise<readonly Check[]> | readonly Check[];
  /** Stops fetching, finishes transactions, commits offsets, drains the relay, closes the broker's connections. */
  stop(): Promise<void>;
}
