import { defineConfig } from 'vitest/config';
import { LongFirst } from './tools/house/src/run/longFirst.ts';

// Files share a process and its modules, because to load these anew for each file takes a third of the whole time. So a
// test that changes something of the process, such as process.env, changes it back.
const isolate = false;

// These limits end tests that hang. They are long, so that a test does not fail because the machine is busy.
const shared = {
  globals: false,
  environment: 'node' as const,
  testTimeout: 120_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 60_000 } },
};

/**
 * How many files with servers run side by side. Each has topics and databases of its own, and waits for servers most of
 * its time. The files of both projects share these workers, because a file with a whole system waits even more.
 */
const SERVER_WORKERS = 3;

/** Tests of whole commands, such as `make demo`. */
const COMMANDS = 'services/demo/test/commands/*.e2e.spec.ts';

export default defineConfig({
  test: {
    sequence: { sequencer: LongFirst },
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          isolate,
          include: ['tools/**/*.spec.ts', 'templates/**/*.spec.ts', 'services/**/*.spec.ts'],
          exclude: ['**/node_modules/**', '**/*.int.spec.ts', '**/*.e2e.spec.ts', 'tools/atlas/test/**'],
        },
      },
      {
        test: {
          ...shared,
          name: 'cases',
          isolate,
          // Concurrent tests start programs. More of them than cores would only make each one slow.
          maxConcurrency: 2,
          include: ['tools/atlas/test/**/*.spec.ts'],
          exclude: ['**/node_modules/**', '**/*.int.spec.ts', 'tools/atlas/test/cases/**'],
        },
      },
      {
        test: {
          ...shared,
          name: 'int',
          isolate,
          maxWorkers: SERVER_WORKERS,
          include: ['{tools,templates,services}/**/*.int.spec.ts'],
          exclude: ['**/node_modules/**'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'e2e',
          include: ['{tools,services}/**/*.e2e.spec.ts'],
          exclude: ['**/node_modules/**', COMMANDS],
          maxWorkers: SERVER_WORKERS,
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'commands',
          include: [COMMANDS],
          exclude: ['**/node_modules/**'],
          // They look at all processes and at the whole stack, so nothing else may start or end any.
          sequence: { groupOrder: 1 },
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
