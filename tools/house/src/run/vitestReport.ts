import { readFileSync } from 'node:fs';
import type { Tally } from './step.ts';

/**
 * Reads the JSON report of one vitest run. A file that failed before its first test, because of a broken import for
 * example, counts as one failure: otherwise the sum would miss it. So does a run without a report, and a run that exits
 * non-zero without a failed test (an unhandled rejection).
 */
export function vitestTally(reportFile: string, exitCode: number): Tally {
  const report = read(reportFile);
  const passed = numberOf(report, 'numPassedTests');
  const skipped = numberOf(report, 'numPendingTests') + numberOf(report, 'numTodoTests');
  const failed = numberOf(report, 'numFailedTests') + filesFailedWhole(report);
  const unsaid = report === undefined || exitCode !== 0;
  return { passed, skipped, failed: failed === 0 && unsaid ? 1 : failed };
}

function read(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function numberOf(report: unknown, key: string): number {
  const value = field(report, key);
  return typeof value === 'number' ? value : 0;
}

function filesFailedWhole(report: unknown): number {
  const files = field(report, 'testResults');
  if (!Array.isArray(files)) return 0;
  return files.filter((file) => field(file, 'status') === 'failed' && !hasFailedTest(file)).length;
}

function hasFailedTest(file: unknown): boolean {
  const tests = field(file, 'assertionResults');
  return Array.isArray(tests) && tests.some((test) => field(test, 'status') === 'failed');
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
