import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const REPOSITORY = join(import.meta.dirname, '../../../..');

/** The repository's own settings of each gate. Canaries are checked with these, never with a copy. */
const SETTINGS = [
  '.oxlintrc.json',
  '.oxfmtrc.json',
  '.dependency-cruiser.cjs',
  'knip.json',
  'tsconfig.json',
  'tsconfig.base.json',
];

/** A small repository in a temporary folder. `[Symbol.dispose]` removes it. */
export interface CanaryTree {
  readonly root: string;
  readonly put: (path: string, text: string) => void;
  /** Runs a tool of node_modules/.bin in it. `output` is stdout and stderr together. */
  readonly run: (program: string, ...args: string[]) => { readonly exitCode: number; readonly output: string };
  readonly [Symbol.dispose]: () => void;
}

/**
 * Makes a tree of `files`, by path. `packages` maps the name of a package to its folder in the tree. `libraries` are
 * installed as pnpm does it, with a link into node_modules/.pnpm.
 */
export function canaryTree(
  files: Readonly<Record<string, string>>,
  packages: Readonly<Record<string, string>> = {},
  libraries: readonly string[] = [],
): CanaryTree {
  const root = mkdtempSync(join(tmpdir(), 'atlas-canary-'));
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const name of SETTINGS) cpSync(join(REPOSITORY, name), join(root, name));
  put('package.json', '{\n  "name": "canary",\n  "private": true,\n  "type": "module"\n}\n');
  for (const [path, text] of Object.entries(files)) put(path, text);
  mkdirSync(join(root, 'node_modules/@atlas'), { recursive: true });
  for (const name of ['@types', 'typescript']) {
    symlinkSync(join(REPOSITORY, 'node_modules', name), join(root, 'node_modules', name));
  }
  for (const [name, folder] of Object.entries(packages)) {
    put(join(folder, 'package.json'), JSON.stringify({ name, type: 'module', exports: { '.': './index.ts' } }));
    symlinkSync(join(root, folder), join(root, 'node_modules', name));
  }
  for (const name of libraries) {
    const folder = `node_modules/.pnpm/${name}@1.0.0/node_modules/${name}`;
    put(join(folder, 'package.json'), JSON.stringify({ name, type: 'module', exports: { '.': './index.js' } }));
    put(join(folder, 'index.js'), '');
    symlinkSync(join(root, folder), join(root, 'node_modules', name));
  }
  return {
    root,
    put,
    run: (program, ...args) => {
      const { stdout, stderr, status } = spawnSync(join(REPOSITORY, 'node_modules/.bin', program), args, {
        cwd: root,
        encoding: 'utf8',
        env: { ...process.env, NO_COLOR: '1' },
      });
      return { exitCode: status ?? -1, output: stdout + stderr };
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}
