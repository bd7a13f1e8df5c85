import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../diagnostics/usageError.ts';

/** Looked for in the working directory and every folder above it, in this order. */
const NAMES = ['specs/atlas.config.yaml', 'atlas.config.yaml'] as const;

/** The absolute path of the configuration: the one named, or the nearest at or above the working directory. */
export function findConfig(named: string | undefined, cwd: string): string {
  if (named !== undefined) {
    const path = resolve(cwd, named);
    if (!existsSync(path)) throw new UsageError(`--config ${named}: there is no such file`);
    if (!statSync(path).isFile()) throw new UsageError(`--config ${named}: it is a folder; name the file in it`);
    return path;
  }
  for (let folder = cwd; ; folder = dirname(folder)) {
    const found = NAMES.map((name) => join(folder, name)).find((path) => existsSync(path));
    if (found !== undefined) return found;
    if (dirname(folder) === folder)
      throw new UsageError(`no ${NAMES[0]} here or in a folder above; name yours with --config <file>`);
  }
}
