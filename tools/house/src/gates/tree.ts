import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Tree } from './gate.ts';

/** Folders that are installed, fetched or made by a run. Git is not asked: a tarball of the sources has no history. */
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

/** Code that people write and read. The rules of style apply to it. */
export function isSource(file: string): boolean {
  return /\.(ts|js|cjs|mjs|sh)$/.test(file) && !isRecorded(file);
}

/** Committed output of a tool: generated code, compiled validators, the expected files of case folders. */
export function isRecorded(file: string): boolean {
  return (
    file.startsWith('generated/') ||
    file.startsWith('tools/atlas/test/cases/') ||
    /\/compiled\/[^/]+\.(js|d\.ts)$/.test(file) ||
    file === 'pnpm-lock.yaml'
  );
}
