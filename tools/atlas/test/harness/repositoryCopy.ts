import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { toolkit } from './repository.ts';

/** What is installed, fetched or made by a run. */
const FOREIGN = new Set(['node_modules', '.git', '.atlas']);

/** What `make check` has told tsc about unchanged files, if it has run here. The copy has the same ones. */
export const KNOWN_TYPES = '.atlas/tsc.tsbuildinfo';

/** A copy of this repository, without what is installed. */
export interface RepositoryCopy {
  readonly folder: string;
  /** Runs a program of the copy, and gives its output if it fails. */
  failure(command: readonly [string, ...string[]], env?: Readonly<Record<string, string>>): Promise<string>;
  remove(): Promise<void>;
}

export async function repositoryCopy(): Promise<RepositoryCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'atlas-init-'));
  await cp(toolkit, folder, { recursive: true, filter: (path) => !FOREIGN.has(basename(path)) });
  const known = join(toolkit, KNOWN_TYPES);
  if (existsSync(known)) await cp(known, join(folder, KNOWN_TYPES));
  const path = `${join(folder, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
  return {
    folder,
    failure: ([program, ...args], env = {}) =>
      new Promise((resolve) => {
        const options = { cwd: folder, env: { ...process.env, PATH: path, NO_COLOR: '1', ...env } };
        execFile(program, args, { ...options, maxBuffer: 2 ** 26 }, (error, stdout, stderr) =>
          resolve(error ? `${error.message}${stdout}${stderr}` : ''),
        );
      }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
