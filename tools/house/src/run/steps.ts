import type { Step } from './step.ts';

const gate = (name: string, ...command: Step['command']): Step => ({ name, command, counts: 'gate' });

/** The fast part, cheapest steps first. Each gate has a canary in this package that makes it fail. */
export const CHECK: readonly Step[] = [
  gate('format', 'oxfmt', '--check', '.'),
  gate('lint', 'oxlint', '--type-aware', '--deny-warnings', '.'),
  // tsc keeps what it knows about unchanged files. A file counts as changed if its hash differs.
  gate('types', 'tsc', '-p', '.', '--incremental', '--tsBuildInfoFile', '.atlas/tsc.tsbuildinfo'),
  gate('house rules', 'node', 'tools/house/src/main.ts', 'gates'),
  gate('drift', 'atlas', 'generate', '--check'),
  gate('breaking changes', 'node', 'tools/house/src/main.ts', 'baseline'),
  gate('reference pages', 'node', 'tools/house/src/main.ts', 'reference', '--check'),
  gate('import rules', 'node', 'tools/house/src/main.ts', 'imports'),
  gate('unused', 'knip', '--no-progress'),
  gate('specs, second opinion', 'node', 'tools/house/src/main.ts', 'official'),
  // vitest would leave one core unused, and many of these tests wait for a program that they have started.
  { name: 'unit', command: ['vitest', 'run', '--project', 'unit', '--maxWorkers=100%'], counts: 'vitest', limit: 600 },
];

/**
 * The steps that `make test` adds: tests of the toolkit from outside, with each case folder as a repository of its own.
 */
export const OUTSIDE: readonly Step[] = [
  {
    name: 'case folders',
    command: ['vitest', 'run', '--project', 'cases', '--maxWorkers=100%'],
    counts: 'vitest',
    limit: 600,
  },
];

/**
 * The tests that need real servers, in one run, so that no core is unused while the last files of a project end. Those
 * of whole commands come last (vitest.config.ts).
 */
export const REAL: readonly Step[] = [
  {
    name: 'on real servers',
    command: ['vitest', 'run', '--project', 'int', '--project', 'e2e', '--project', 'commands'],
    counts: 'vitest',
    limit: 1_320,
  },
];
