import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmittedFile } from '../emit/index.ts';
import { sha256, type Manifest } from './manifest.ts';

/** One path of the output folder: what is there, what was written there, what is to be there. */
export interface Comparison {
  readonly path: string;
  /** The text on disk; undefined where there is no file. */
  readonly found: string | undefined;
  /** The text that the specs give; undefined for a file that they no longer give. */
  readonly wanted: string | undefined;
  /** Whether the file on disk is one that atlas wrote and nobody touched. */
  readonly pristine: boolean;
}

/** Every path that the specs give or a manifest lists, within `scope` (services, where `--only` named one). */
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
