import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmittedFile } from '../emit/emit.ts';
import { sha256, type Manifest } from './manifest.ts';

/** One path of the output folder, with its text now and its text after generating. */
export interface Comparison {
  readonly path: string;
  /** The text on disk; undefined if there is no file. */
  readonly found: string | undefined;
  /** The text from the specs; undefined if no spec describes the file any more. */
  readonly wanted: string | undefined;
  /** Whether the text on disk is exactly what atlas wrote. */
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
