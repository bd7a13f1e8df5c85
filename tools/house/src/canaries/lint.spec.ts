import { describe, expect, it } from 'vitest';
import { canaryTree } from './canaryTree.ts';

/** One violation per row: the file, the rule that must find it, and a part of the advice that the rule gives. */
const CANARIES: readonly { file: string; text: string; rule: string; says?: string }[] = [
  {
    file: 'tools/ir/src/a.ts',
    text: "export { x } from '@atlas/runtime';",
    rule: 'no-restricted-imports',
    says: 'take the value as an argument',
  },
  {
    file: 'templates/http/a.ts',
    text: "export { x } from 'yaml';",
    rule: 'no-restricted-imports',
    says: 'a stage of tools/atlas',
  },
  {
    file: 'templates/http/b.ts',
    text: "export { x } from '@atlas/runtime';",
    rule: 'no-restricted-imports',
    says: 'a stage of tools/atlas',
  },
  {
    file: 'tools/atlas/src/b.ts',
    text: "export { x } from '@atlas/generated-canary';",
    rule: 'no-restricted-imports',
    says: 'but not have one',
  },
  {
    file: 'tools/atlas/src/c.ts',
    text: "export { x } from '@atlas/service-canary';",
    rule: 'no-restricted-imports',
    says: 'but not have one',
  },
  {
    file: 'tools/atlas/src/a.ts',
    text: "export { x } from '@atlas/runtime';",
    rule: 'no-restricted-imports',
    says: 'but not have one',
  },
  {
    file: 'tools/runtime/src/a.ts',
    text: "export { x } from '@atlas/cli';",
    rule: 'no-restricted-imports',
    says: 'take a contract value',
  },
  {
    file: 'tools/runtime/src/http/a.ts',
    text: "export { x } from 'slonik';",
    rule: 'no-restricted-imports',
    says: 'declare a port',
  },
  {
    file: 'tools/runtime/src/inbox/a.ts',
    text: "export { x } from 'kafkajs';",
    rule: 'no-restricted-imports',
    says: 'declare a port',
  },
  {
    file: 'tools/runtime/src/http/b.ts',
    text: "export { x } from '../adapters/x.ts';",
    rule: 'no-restricted-imports',
    says: 'declare a port',
  },
  {
    file: 'services/canary/src/domain/a.ts',
    text: "export { x } from '@atlas/generated-canary';",
    rule: 'no-restricted-imports',
    says: 'pass the value in',
  },
  {
    file: 'services/canary/src/domain/b.ts',
    text: "export { x } from '../app/x.ts';",
    rule: 'no-restricted-imports',
    says: 'pass the value in',
  },
  {
    file: 'services/canary/src/domain/c.ts',
    text: "export { x } from 'node:fs';",
    rule: 'no-restricted-imports',
    says: 'pass the value in',
  },
  {
    file: 'services/canary/src/app/a.ts',
    text: "export { x } from 'slonik';",
    rule: 'no-restricted-imports',
    says: 'declare what it needs as a port',
  },
  {
    file: 'services/canary/src/app/b.ts',
    text: "export { x } from '../adapters/x.ts';",
    rule: 'no-restricted-imports',
    says: 'declare what it needs as a port',
  },
  ...['contract', 'ports', 'avro'].map((folder) => ({
    file: `tools/runtime/src/${folder}/a.ts`,
    text: "export { x } from 'fastify';",
    rule: 'no-restricted-imports',
    says: 'declare a port',
  })),
  {
    file: 'services/canary/src/app/c.ts',
    text: "export { x } from 'node:fs';",
    rule: 'no-restricted-imports',
    says: 'declare what it needs as a port',
  },
  {
    file: 'services/canary/src/adapters/a.ts',
    text: "export { x } from '@atlas/service-other';",
    rule: 'no-restricted-imports',
    says: 'other services are reached by events',
  },
  {
    file: 'services/canary/test/a.spec.ts',
    text: "export { x } from '@atlas/service-other';",
    rule: 'no-restricted-imports',
    says: 'as a process',
  },
  {
    file: 'services/canary/src/main.ts',
    text: "export { x } from '@atlas/cli';",
    rule: 'no-restricted-imports',
    says: 'its own generated package',
  },
  { file: 'tools/canary/src/any.ts', text: 'export const x = (y: any): unknown => y;', rule: 'no-explicit-any' },
  {
    file: 'tools/canary/src/bang.ts',
    text: 'export const x = (y: string | null): string => y!;',
    rule: 'no-non-null-assertion',
  },
  {
    file: 'tools/canary/src/silence.ts',
    text: ['// @ts-', 'ignore\nexport const x: number = 1;'].join(''),
    rule: 'ban-ts-comment',
  },
  { file: 'tools/canary/src/long.ts', text: 'export {};\n'.repeat(401), rule: 'max-lines' },
  {
    file: 'tools/canary/src/floating.ts',
    text: 'const f = async (): Promise<void> => {};\nf();',
    rule: 'no-floating-promises',
  },
  { file: 'tools/canary/src/unused.ts', text: 'const x = 1;\nexport {};', rule: 'no-unused-vars' },
  {
    file: 'tools/canary/src/missing.ts',
    text: "export const f = (x: 'a' | 'b'): number => {\n  switch (x) {\n    case 'a':\n      return 1;\n  }\n  return 2;\n};",
    rule: 'switch-exhaustiveness-check',
  },
];

const CLEAN = {
  'tools/ir/src/ok.ts': "export { x } from './x.ts';",
  'tools/ir/src/x.ts': 'export const x = 1;',
  'templates/http/ok.ts': "export { x } from '@atlas/ir';",
  'tools/runtime/src/http/ok.ts': "export { createHash } from 'node:crypto';",
  'services/canary/src/domain/ok.ts': "export { x } from './x.ts';",
  'services/canary/src/domain/x.ts': 'export const x = 1;',
  'services/canary/src/app/ok.ts': "export type { X } from '@atlas/generated-canary';",
};

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
  readonly help?: string;
}

describe('the linter', () => {
  const lint = (files: Record<string, string>): { exitCode: number; diagnostics: readonly Diagnostic[] } => {
    using tree = canaryTree(files);
    const { exitCode, output } = tree.run('oxlint', '--type-aware', '--deny-warnings', '--format', 'json', '.');
    const report: { diagnostics: Diagnostic[] } = JSON.parse(output);
    return { exitCode, diagnostics: report.diagnostics };
  };
  const bad = lint(Object.fromEntries(CANARIES.map(({ file, text }) => [file, text])));

  it('passes a tree without violations', () => {
    expect(lint(CLEAN)).toEqual({ exitCode: 0, diagnostics: [] });
  });

  it('fails a tree with violations', () => {
    expect(bad.exitCode).toBe(1);
  });

  it.each(CANARIES)('finds $rule in $file', ({ file, rule, says }) => {
    const found = bad.diagnostics.find(({ filename, code }) => filename === file && code.endsWith(`(${rule})`));
    expect(found, JSON.stringify(bad.diagnostics.filter(({ filename }) => filename === file))).toBeDefined();
    expect(found?.help ?? '').toContain(says ?? '');
  });
});
