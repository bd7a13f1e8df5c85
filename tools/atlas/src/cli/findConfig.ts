import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { UsageError } from '../diagnostics/usageError.ts';

/** Searched for in the working directory and every folder above it, in this order. */
export const CONFIG_NAMES = ['specs/atlas.config.yaml', 'atlas.config.yaml'] as const;

/** The absolute path of the configuration: `wanted`, or the nearest one in or above the working directory. */
export function findConfig(wanted: string | undefined, cwd: string): string {
  if (wanted !== undefined) {
    const path = resolve(cwd, wanted);
    if (!existsSync(path)) throw new UsageError(`--config ${wanted}: the file does not exist`);
    if (!statSync(path).isFile()) throw new UsageError(`--config ${wanted}: this is a folder; name the file in it`);
    return path;
  }
  for (let folder = cwd; ; folder = dirname(folder)) {
    const found = CONFIG_NAMES.map((name) => join(folder, name)).find((path) => existsSync(path));
    if (found !== undefined) return found;
    if (dirname(folder) === folder)
      throw new UsageError(`no ${CONFIG_NAMES[0]} here or in a folder above; use --config <file> for another path`);
  }
}

/** A folder as seen from the working directory, with forward slashes; '' for the working directory itself. */
export function relativeFolder(cwd: string, folder: string): string {
  return relative(cwd, folder).split(sep).join('/');
}
