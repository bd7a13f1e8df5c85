import { readFileSync } from 'node:fs';
import { basename, relative } from 'node:path';
import type { Tally } from './step.ts';

/**
 * Reads the JSON report of one vitest run. A file that failed before its first test, for example because of a broken
 * import, counts as one failure; otherwise the sum would miss it. So does a run without a report, and a run that exits
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
  return filesOf(report).filter((file) => field(file, 'status') === 'failed' && failedTests(file).length === 0).length;
}

/** What the file of `FilesReporter` says, in words. Empty before vitest has found its test files. */
export function filesText(stateFile: string): string {
  const state = read(stateFile);
  const all = numberOf(state, 'all');
  if (all === 0) return '';
  const names = listOf(state, 'running').map((file) => basename(String(file), '.spec.ts'));
  return [`${numberOf(state, 'done')} of ${all} files`, names.join(', ')].filter(Boolean).join(', now ');
}

/** The failures of one vitest run: for each test its file, its title and the first line of its message. */
export function vitestFailures(reportFile: string): readonly string[] {
  return filesOf(read(reportFile)).flatMap((file) => {
    const name = relative('.', textOf(file, 'name'));
    const tests = failedTests(file).map(
      (test) => `${name}: ${textOf(test, 'fullName').trim()}\n${firstLine(listOf(test, 'failureMessages')[0])}`,
    );
    if (tests.length > 0 || field(file, 'status') !== 'failed') return tests;
    return [`${name}\n${firstLine(field(file, 'message'))}`];
  });
}

function firstLine(message: unknown): string {
  const text = typeof message === 'string' ? message.trimStart() : '';
  return `  ${(text.split('\n')[0] ?? '').slice(0, 300)}`;
}

const filesOf = (report: unknown): readonly unknown[] => listOf(report, 'testResults');

const failedTests = (file: unknown): readonly unknown[] =>
  listOf(file, 'assertionResults').filter((test) => field(test, 'status') === 'failed');

function listOf(value: unknown, key: string): readonly unknown[] {
  const list = field(value, key);
  return Array.isArray(list) ? list : [];
}

function textOf(value: unknown, key: string): string {
  const text = field(value, key);
  return typeof text === 'string' ? text : '';
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
