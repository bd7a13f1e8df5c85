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
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { EmittedFile } from '../emit/emit.ts';
import { type Manifest, readManifest, sha256 } from './manifest.ts';

/** One path of the output folder, with its text now and its text after generating. */
export interface Comparison {
  readonly path: string;
  /** The text on disk; undefined if there is no file. */
  readonly found: string | undefined;
  /** The text from the specs; undefined if no spec describes the file any more. */
  readonly wanted: string | undefined;
  /** Whether the text on disk is exactly the one that atlas wrote. */
  readonly pristine: boolean;
}

/** Compares every path that is emitted, or that a manifest lists and `inScope` accepts. */
export async function compare(
  out: string,
  files: readonly EmittedFile[],
  manifests: readonly Manifest[],
  inScope: (path: string) => boolean,
): Promise<readonly Comparison[]> {
  const wanted = new Map(files.map(({ path, text }) => [path, text]));
  const listed = new Set(manifests.flatMap(({ files }) => Object.keys(files)));
  const known = [...listed].filter((path) => !wanted.has(path) && inScope(path));
  return Promise.all(
    [...wanted.keys(), ...known].toSorted().map(async (path) => {
      const found = await readText(join(out, path));
      const hash = found === undefined ? undefined : sha256(found);
      const pristine = hash !== undefined && manifests.some(({ files }) => files[path]?.sha256 === hash);
      return { path, found, wanted: wanted.get(path), pristine };
    }),
  );
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw error;
  }
}

/**
 * The manifests of runs that were killed while they wrote. Only they list the files that such a run already wrote.
 */
export async function interrupted(out: string): Promise<readonly Manifest[]> {
  const read = await Promise.all(deadStages(out).map((stage) => readManifest(join(stage, 'new'))));
  return read.flatMap((each) => ('manifest' in each && each.manifest ? [each.manifest] : []));
}

/** Removes the stages that killed runs left behind. */
export function removeStale(out: string): void {
  for (const stage of deadStages(out)) rmSync(stage, { recursive: true, force: true });
}

/** A path, and its new text or undefined to delete the file. */
export type Change = readonly [path: string, text: string | undefined];

const STAGE = /^\.atlas-(\d+)$/;

/**
 * Makes all changes below `out` or none: it first writes the texts to a separate folder (the stage), then renames each
 * into place. A rename is atomic, and an error undoes the renames before it. `last` is changed last.
 */
export function apply(out: string, changes: readonly Change[], last: Change): void {
  // Without a listener, Ctrl-C would end the process in the middle of these few milliseconds.
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
    const folders = new Folders();
    for (const [path, text] of all) {
      if (text === undefined) continue;
      folders.makeFor(join(stage, 'new', path));
      writeFileSync(join(stage, 'new', path), text);
    }
    for (const [path, text] of all) undo.push(replace(out, stage, path, text, folders));
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

/** Makes folders, each only once, because a large API has a thousand files in one folder. */
class Folders {
  readonly #made = new Set<string>();

  /** Makes the folder of a path. */
  makeFor(path: string): void {
    const folder = dirname(path);
    if (this.#made.has(folder)) return;
    mkdirSync(folder, { recursive: true });
    this.#made.add(folder);
  }
}

/** Puts one file in place or deletes it. Returns the function that undoes it. */
function replace(out: string, stage: string, path: string, text: string | undefined, folders: Folders): () => void {
  const target = join(out, path);
  const kept = join(stage, 'old', path);
  folders.makeFor(kept);
  const existed = keep(target, kept);
  if (text === undefined) rmSync(target, { force: true });
  else {
    folders.makeFor(target);
    renameSync(join(stage, 'new', path), target);
  }
  return () => (existed ? renameSync(kept, target) : rmSync(target, { force: true }));
}

/** Gives the old file a second name, so that the first is never missing. False if there is no old file. */
function keep(target: string, kept: string): boolean {
  try {
    linkSync(target, kept);
    return true;
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return false;
    copyFileSync(target, kept); // The file system has no hard links.
    return true;
  }
}

/** The stages of killed runs. */
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
      // The folder is not empty, so it stays.
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
