import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A relative path that stays below its folder, as `a/b.ts`: names of files come from specs and from a file on disk. */
export function isSafePath(path: string): boolean {
  return (
    path.length > 0 &&
    path.length < 1000 &&
    !/[\\:\u0000-\u001f]/.test(path) &&
    path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  );
}

/** Folders between `out` and the paths that are symbolic links: writing through one would leave the output folder. */
export async function linkedFolders(out: string, paths: readonly string[]): Promise<readonly string[]> {
  const folders = new Set(paths.flatMap(parents));
  const linked = await Promise.all(
    [...folders].map(async (folder) => {
      const info = await lstat(join(out, folder)).catch(() => undefined);
      return info?.isSymbolicLink() ? [folder] : [];
    }),
  );
  return linked.flat().toSorted();
}

/** `a/b/c.ts` is in `a` and `a/b`. */
export function parents(path: string): readonly string[] {
  const parent = dirname(path);
  return parent === '.' ? [] : [...parents(parent), parent];
}
