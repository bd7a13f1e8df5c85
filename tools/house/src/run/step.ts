/** One command that `make check` or `make test` runs. */
export interface Step {
  readonly name: string;
  /** The program and its arguments. The program is looked up in PATH, which begins with node_modules/.bin. */
  readonly command: readonly [string, ...string[]];
  /** How the step counts: a gate as one pass or one failure, a vitest run as its tests. */
  readonly counts: 'gate' | 'vitest';
  /** True if what it starts must keep running: the servers of the stack. What other steps leave running is ended. */
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

/** The last line of a run, which CI reads. It always has this form; skipped tests are reported on the line before. */
export function closingLine({ passed, failed }: Tally): string {
  return `${passed} passed, ${failed} failed`;
}
