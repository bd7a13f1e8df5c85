import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Tree } from './gate.ts';

/** Not the repository's own: installed, fetched, or made by a run. (No git here: a tarball of the sources must pass too.) */
const FOREIGN = new Set(['node_modules', '.git', '.atlas', 'coverage', '__transpiled']);

export function readTree(root: string): Tree {
  const files: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (FOREIGN.has(entry.name)) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (entry.isFile()) files.push(relative(root, path).split(sep).join('/'));
    }
  };
  visit(root);
  return { files: files.sort(), read: (file) => readFileSync(join(root, file), 'utf8') };
}

/** Written by people, to be read by people: what the rules of style are about. */
export function isSource(file: string): boolean {
  return /\.(ts|js|cjs|mjs|sh)$/.test(file) && !isRecorded(file);
}

/** Output of a tool, committed: generated code, compiled validators, the golden files of case folders. */
export function isRecorded(file: string): boolean {
  return (
    file.startsWith('generated/') ||
    file.startsWith('tools/atlas/test/cases/') ||
    /\/compiled\/[^/]+\.(js|d\.ts)$/.test(file) ||
    file === 'pnpm-lock.yaml'
  );
}
