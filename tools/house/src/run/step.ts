/** One thing that `make check` or `make test` does, as a command of its own. */
export interface Step {
  readonly name: string;
  /** The program and its arguments; the program is looked up in PATH, which starts with node_modules/.bin. */
  readonly command: readonly [string, ...string[]];
  /** What a step counts as: a gate is one pass or one failure, a vitest run is as many as it has tests. */
  readonly counts: 'gate' | 'vitest';
  /** What it starts is to go on after it: the servers of the stack. Everything else that a step leaves is ended. */
  readonly leavesServers?: boolean;
  /** Seconds after which the step is killed and counted as failed. */
  readonly limit?: number;
}

/** How many tests or gates passed, failed and were skipped. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NOTHING: Tally = { passed: 0, failed: 0, skipped: 0 };

export function add(a: Tally, b: Tally): Tally {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** The closing line that CI and people read. What was skipped is said before it, so that it is always of this form. */
export function closingLine({ passed, failed }: Tally): string {
  return `${passed} passed, ${failed} failed`;
}
