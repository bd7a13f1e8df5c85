import { afterAll, describe, expect, it } from 'vitest';
import { CHECK } from '../run/steps.ts';
import { canaryTree } from './canaryTree.ts';

type Files = Readonly<Record<string, string>>;

interface Canary {
  readonly what: string;
  readonly files: Files;
  /** What the gate says about it. */
  readonly says: RegExp;
}

/** The gates that are other people's tools with our settings, each with a clean tree and violations to put into it. */
const GATES: readonly { gate: string; args?: readonly string[]; clean: Files; canaries: readonly Canary[] }[] = [
  {
    gate: 'format',
    clean: { 'tools/a/src/a.ts': "export const a = 'a';\n" },
    canaries: [
      {
        what: 'a file that is not formatted',
        files: { 'tools/a/src/b.ts': 'export const a="a"\n' },
        says: /tools\/a\/src\/b\.ts/,
      },
    ],
  },
  {
    gate: 'types',
    clean: {
      'tools/a/src/a.ts': "export const a: 'x' | 'y' = 'x';\n",
      'services/a/src/a.ts': 'export const a = (b: string[]): string | undefined => b[0];\n',
      'templates/a.ts': "export const A = ['x'] as const;\n",
    },
    canaries: [
      {
        what: 'a value that is not in its union',
        files: { 'tools/a/src/a.ts': "export const a: 'x' | 'y' = 'z';\n" },
        says: /^tools\/a\/src\/a\.ts.*TS2322/m,
      },
      {
        what: 'an index that may be out of range',
        files: { 'services/a/src/a.ts': 'export const a = (b: string[]): string => b[0];\n' },
        says: /^services\/a\/src\/a\.ts.*TS2322/m,
      },
      {
        what: 'syntax that Node cannot strip',
        files: { 'templates/a.ts': "export enum A {\n  X = 'x',\n}\n" },
        says: /^templates\/a\.ts.*TS1294/m,
      },
    ],
  },
  {
    gate: 'unused',
    args: ['--no-config-hints'],
    clean: {
      'package.json':
        '{ "name": "canary", "private": true, "type": "module", "workspaces": ["tools/*"], "devDependencies": { "dependency-cruiser": "1" } }',
      'tools/house/package.json': '{ "name": "house", "type": "module" }',
      'tools/house/src/main.ts': "import { used } from './used.ts';\nconsole.log(used);\n",
      'tools/house/src/used.ts': 'export const used = 1;\n',
    },
    canaries: [
      {
        what: 'a file that nobody imports',
        files: { 'tools/house/src/forgotten.ts': 'export const a = 1;\n' },
        says: /Unused files[^]*src\/forgotten\.ts/,
      },
      {
        what: 'an export that nobody imports',
        files: { 'tools/house/src/used.ts': 'export const used = 1;\nexport const nobodyReadsMe = 2;\n' },
        says: /Unused exports[^]*nobodyReadsMe/,
      },
      {
        what: 'a dependency that nobody uses',
        files: {
          'tools/house/package.json': '{ "name": "house", "type": "module", "dependencies": { "left-pad": "1.0.0" } }',
        },
        says: /Unused dependencies[^]*left-pad/,
      },
    ],
  },
];

describe.each(GATES)('the gate "$gate"', ({ gate, args = [], clean, canaries }) => {
  // The command that make check runs.
  const [program = '', ...settings] = CHECK.find(({ name }) => name === gate)?.command ?? [];
  const tree = canaryTree(clean);
  afterAll(() => tree[Symbol.dispose]());
  const cleanRun = tree.run(program, ...settings, ...args);
  // In the tree that has just passed, because a cache of a tool must not hide a later change.
  for (const { files } of canaries) for (const [path, text] of Object.entries(files)) tree.put(path, text);
  const { exitCode, output } = tree.run(program, ...settings, ...args);

  it('passes a clean tree', () => {
    expect(cleanRun.exitCode, cleanRun.output).toBe(0);
  });

  it('fails a tree with violations', () => {
    expect(exitCode).toBeGreaterThan(0);
  });

  it.each(canaries)('finds $what', ({ says }) => {
    expect(output).toMatch(says);
  });
});
