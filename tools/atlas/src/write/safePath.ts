import { dirname } from 'node:path';

/** A relative path that stays below its folder, as `a/b.ts`: names of files come from specs and from a file on disk. */
export function isSafePath(path: string): boolean {
  return (
    path.length > 0 &&
    path.length < 1000 &&
    !/[\\:\u0000-\u001f]/.test(path) &&
    path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  );
}

/** `a/b/c.ts` is in `a` and `a/b`. */
export function parents(path: string): readonly string[] {
  const parent = dirname(path);
  return parent === '.' ? [] : [...parents(parent), parent];
}
