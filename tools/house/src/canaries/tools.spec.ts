import { describe, expect, it } from 'vitest';
import { canaryTree } from './canaryTree.ts';

/** The gates that are somebody else's tool with our settings: each passes a clean tree and fails one with a canary. */
const CASES: readonly {
  name: string;
  command: readonly [string, ...string[]];
  clean: Tree;
  canary: Tree;
  says: string;
}[] = [
  {
    name: 'format',
    command: ['oxfmt', '--check', '.'],
    clean: { 'tools/a/src/a.ts': "export const a = 'a';\n" },
    canary: { 'tools/a/src/a.ts': 'export const a="a"\n' },
    says: 'tools/a/src/a.ts',
  },
  {
    name: 'types: a union member forgotten',
    command: ['tsc', '-p', '.'],
    clean: { 'tools/a/src/a.ts': "export const a: 'x' | 'y' = 'x';\n" },
    canary: { 'tools/a/src/a.ts': "export const a: 'x' | 'y' = 'z';\n" },
    says: 'TS2322',
  },
  {
    name: 'types: an index taken for granted',
    command: ['tsc', '-p', '.'],
    clean: { 'services/a/src/a.ts': 'export const a = (b: string[]): string | undefined => b[0];\n' },
    canary: { 'services/a/src/a.ts': 'export const a = (b: string[]): string => b[0];\n' },
    says: 'TS2322',
  },
  {
    name: 'types: syntax that Node cannot strip',
    command: ['tsc', '-p', '.'],
    clean: { 'templates/a.ts': "export const A = ['x'] as const;\n" },
    canary: { 'templates/a.ts': "export enum A {\n  X = 'x',\n}\n" },
    says: 'TS1294',
  },
  {
    name: 'unused file',
    command: ['knip', '--no-progress', '--no-config-hints'],
    clean: knipTree({}),
    canary: knipTree({ 'tools/house/src/forgotten.ts': 'export const a = 1;\n' }),
    says: 'src/forgotten.ts',
  },
  {
    name: 'unused export',
    command: ['knip', '--no-progress', '--no-config-hints'],
    clean: knipTree({}),
    canary: knipTree({ 'tools/house/src/used.ts': 'export const used = 1;\nexport const nobodyReadsMe = 2;\n' }),
    says: 'nobodyReadsMe',
  },
  {
    name: 'unused dependency',
    command: ['knip', '--no-progress', '--no-config-hints'],
    clean: knipTree({}),
    canary: knipTree({
      'tools/house/package.json': '{ "name": "house", "type": "module", "dependencies": { "left-pad": "1.0.0" } }',
    }),
    says: 'left-pad',
  },
];

type Tree = Readonly<Record<string, string>>;

function knipTree(files: Tree): Tree {
  return {
    'package.json':
      '{ "name": "canary", "private": true, "type": "module", "workspaces": ["tools/*"], "devDependencies": { "dependency-cruiser": "1" } }',
    'tools/house/package.json': '{ "name": "house", "type": "module" }',
    'tools/house/src/main.ts': "import { used } from './used.ts';\nconsole.log(used);\n",
    'tools/house/src/used.ts': 'export const used = 1;\n',
    ...files,
  };
}

describe.each(CASES)('$name', ({ command, clean, canary, says }) => {
  const run = (files: Tree): { exitCode: number; output: string } => {
    using tree = canaryTree(files);
    return tree.run(...command);
  };

  it('passes a clean tree', () => {
    const { exitCode, output } = run(clean);
    expect(exitCode, output).toBe(0);
  });

  it('fails its canary', () => {
    const { exitCode, output } = run(canary);
    expect(exitCode).toBeGreaterThan(0);
    expect(output).toContain(says);
  });
});
