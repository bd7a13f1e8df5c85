import { defineConfig } from 'vitest/config';

// These limits end tests that hang. They are long, so that a test does not fail because the machine is busy.
const shared = {
  globals: false,
  environment: 'node' as const,
  testTimeout: 120_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 60_000 } },
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['tools/**/*.spec.ts', 'templates/**/*.spec.ts', 'services/**/*.spec.ts'],
          exclude: ['**/node_modules/**', '**/*.int.spec.ts', '**/*.e2e.spec.ts', 'tools/atlas/test/**'],
        },
      },
      {
        test: {
          ...shared,
          name: 'cases',
          include: ['tools/atlas/test/**/*.spec.ts'],
          exclude: ['**/node_modules/**', '**/*.int.spec.ts', 'tools/atlas/test/cases/**'],
        },
      },
      {
        test: {
          ...shared,
          name: 'int',
          include: ['{tools,templates,services}/**/*.int.spec.ts'],
          exclude: ['**/node_modules/**'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'e2e',
          include: ['{tools,services}/**/*.e2e.spec.ts'],
          exclude: ['**/node_modules/**'],
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
