import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '@atlas/cli';
import type { Tree } from '../gates/gate.ts';
import { readTree } from '../gates/tree.ts';
import { isProgram, unlessUnchanged } from '../run/unlessUnchanged.ts';

/** Compares the repository with a version and returns atlas's exit code. */
type Compare = (version: string) => Promise<number>;

const FILE = 'specs/baseline';

/** Named, because its entries are about this comparison, so that one that matches nothing is a finding. */
const ACCEPTED = 'specs/accepted-breaks.yaml';

/**
 * Compares specs and migrations with the release that `specs/baseline` names. Returns 0 if nothing breaks. A tarball
 * has no history to compare with, and a message says so; a shallow clone fetches the one commit.
 */
export async function baseline(
  root: string,
  compare: Compare = (version) => run(['breaking', '--against', version, '--accepted', ACCEPTED]),
  say: (text: string) => void = console.log,
): Promise<number> {
  const tree = readTree(root);
  const version = versionIn(tree);
  if (version === undefined) {
    say(`${FILE} names no version: write the commit of the last release`);
    return 2;
  }
  if (!existsSync(join(root, '.git'))) {
    say(`this folder has no history, so it was not compared with ${version}`);
    return 0;
  }
  // The old version never changes, so only the working tree matters.
  const isInput = (file: string): boolean =>
    isProgram(file) || /^specs\/|\/migrations\/[^/]+\.sql$|^generated\/[^/]+\/outbox\//.test(file);
  return unlessUnchanged(
    { root, name: 'baseline', tree, isInput },
    async () => {
      fetchIfShallow(root, version);
      return compare(version);
    },
    say,
  );
}

/** The first line that is not a comment. */
function versionIn({ files, read }: Tree): string | undefined {
  const lines = files.includes(FILE) ? read(FILE).split('\n') : [];
  return lines.map((line) => line.trim()).find((line) => line !== '' && !line.startsWith('#'));
}

/** CI often clones only the last commit. If this fails, atlas says what to do. */
function fetchIfShallow(root: string, version: string): void {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', [...args], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    if (git('rev-parse', '--is-shallow-repository').trim() !== 'true') return;
    git('fetch', '--quiet', '--depth=1', 'origin', version);
  } catch {
    // Without git or without the remote, the comparison itself says that the version is missing.
  }
}
