import { readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';

/**
 * ATL7002: files in the output folders of the services that atlas does not know. It skips node_modules and names that
 * begin with a dot, because they belong to other tools.
 */
export async function strays(
  root: string,
  out: string,
  services: ReadonlySet<string>,
  known: ReadonlySet<string>,
): Promise<readonly Diagnostic[]> {
  const found: string[] = [];
  const folders = [...services];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop())
    for (const entry of await readdir(join(root, out, folder), { withFileTypes: true }).catch(() => [])) {
      if (entry.name === 'node_modules' || entry.name.startsWith('.')) continue;
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) folders.push(path);
      else if (!known.has(path)) found.push(path);
    }
  return found.toSorted().map((path) => ({
    code: 'ATL7002',
    severity: 'error',
    message: 'atlas did not generate this file',
    loc: { file: posix.join(out, path), line: 1, column: 1, pointer: '' },
    fix: 'move the file to services/, or remove it',
  }));
}
