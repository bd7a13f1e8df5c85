import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tree } from '../gates/gate.ts';

/** Below the root. Nothing of it is committed, so a fresh clone runs everything. */
const PASSED = '.atlas/passed';

/** What a step depends on. `name` is the file of .atlas/passed that keeps the hash of the inputs. */
interface Inputs {
  readonly root: string;
  readonly name: string;
  readonly tree: Tree;
  readonly isInput: (file: string) => boolean;
}

/**
 * Runs `work`, unless it passed before and the paths and contents of its inputs are still the same. Returns the exit
 * code, 0 if nothing changed. A failure is not stored, so the work runs again.
 */
export async function unlessUnchanged(
  { root, name, tree, isInput }: Inputs,
  work: () => number | Promise<number>,
  say: (text: string) => void,
): Promise<number> {
  const kept = join(root, PASSED, name);
  const hash = hashOf(tree, isInput);
  if (hash === textOf(kept)) {
    say(`${name}: nothing has changed since this passed`);
    return 0;
  }
  const exitCode = await work();
  if (exitCode === 0) {
    mkdirSync(join(root, PASSED), { recursive: true });
    writeFileSync(kept, hash);
  }
  return exitCode;
}

/** The hash of the files that `isInput` accepts, by path and content. */
export function hashOf({ files, read }: Tree, isInput: (file: string) => boolean): string {
  const hash = createHash('sha256');
  for (const file of files.filter(isInput)) hash.update(JSON.stringify([file, read(file)]));
  return hash.digest('hex');
}

/** The program `atlas`, with the versions of its dependencies; without its tests. */
export function isProgram(file: string): boolean {
  return /^(tools\/(atlas|ir)\/(src|bin)\/|templates\/|pnpm-lock\.yaml$)/.test(file) && !file.endsWith('.spec.ts');
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
