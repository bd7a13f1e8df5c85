import {
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { readManifest, type Manifest } from './manifest.ts';

/**
 * The manifests of runs that were killed while they wrote: what they had put in place already is in no other.
 */
export async function interrupted(out: string): Promise<readonly Manifest[]> {
  const read = await Promise.all(deadStages(out).map((stage) => readManifest(join(stage, 'new'))));
  return read.flatMap((each) => ('manifest' in each && each.manifest ? [each.manifest] : []));
}

/** Removes what killed runs left behind. */
export function removeStale(out: string): void {
  for (const stage of deadStages(out)) rmSync(stage, { recursive: true, force: true });
}

/** A text, or undefined for a file that is to go. */
export type Change = readonly [path: string, text: string | undefined];

const STAGE = /^\.atlas-(\d+)$/;

/**
 * Makes all changes below `out` or none: texts are written to a folder of their own first, then renamed into place, each
 * rename atomic; an error on the way takes back those already done. `last` is changed at the very end.
 */
export function apply(out: string, changes: readonly Change[], last: Change): void {
  // Ctrl-C ends a process at once unless somebody listens; these milliseconds are waited for.
  const wait = (): void => undefined;
  process.on('SIGINT', wait).on('SIGTERM', wait);
  try {
    applyAll(out, changes, last);
  } finally {
    process.removeListener('SIGINT', wait).removeListener('SIGTERM', wait);
  }
}

function applyAll(out: string, changes: readonly Change[], last: Change): void {
  mkdirSync(out, { recursive: true });
  const stage = join(out, `.atlas-${process.pid}`);
  const undo: (() => void)[] = [];
  try {
    const all = [...changes, last];
    for (const [path, text] of all) if (text !== undefined) writeNew(join(stage, 'new', path), text);
    for (const [path, text] of all) undo.push(replace(out, stage, path, text));
  } catch (error) {
    for (const step of undo.toReversed()) step();
    throw error;
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
  removeEmptyFolders(
    out,
    changes.filter(([, text]) => text === undefined).map(([path]) => path),
  );
}

function writeNew(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Puts one file in place, or takes it away; gives the way back. */
function replace(out: string, stage: string, path: string, text: string | undefined): () => void {
  const target = join(out, path);
  const kept = join(stage, 'old', path);
  mkdirSync(dirname(kept), { recursive: true });
  const existed = keep(target, kept);
  if (text === undefined) rmSync(target, { force: true });
  else {
    mkdirSync(dirname(target), { recursive: true });
    renameSync(join(stage, 'new', path), target);
  }
  return () => (existed ? renameSync(kept, target) : rmSync(target, { force: true }));
}

/** A second name for the old file, so that the first is never missing. */
function keep(target: string, kept: string): boolean {
  try {
    linkSync(target, kept);
    return true;
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return false;
    copyFileSync(target, kept); // a file system without hard links
    return true;
  }
}

/** Folders that a killed run left behind. */
function deadStages(out: string): readonly string[] {
  return (statSync(out, { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(out) : [])
    .filter((name) => {
      const pid = STAGE.exec(name)?.[1];
      return pid !== undefined && !isAlive(Number(pid));
    })
    .map((name) => join(out, name));
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

function removeEmptyFolders(out: string, removed: readonly string[]): void {
  const folders = [...new Set(removed.flatMap(parents))].toSorted((left, right) => right.length - left.length);
  for (const folder of folders) {
    try {
      rmdirSync(join(out, folder));
    } catch {
      // Something else is in it, and stays.
    }
  }
}

/** The folders above a path: `a/b/c.ts` is in `a` and `a/b`. */
export function parents(path: string): readonly string[] {
  const parent = dirname(path);
  return parent === '.' ? [] : [...parents(parent), parent];
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
