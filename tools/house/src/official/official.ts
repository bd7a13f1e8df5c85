import { join, posix } from 'node:path';
import { run } from '@atlas/cli';
import type { Tree } from '../gates/gate.ts';
import { readTree } from '../gates/tree.ts';
import { hashOf, isProgram, unlessUnchanged } from '../run/unlessUnchanged.ts';

/** Checks the specs of one configuration file and returns atlas's exit code. */
type Ask = (config: string) => Promise<number>;

const askOfficial: Ask = (config) => run(['check', '--official', '--config', config]);

/**
 * Asks @asyncapi/parser and Redocly about all specs of the repository that should be accepted: its own and those of the
 * toolkit's tests. One process asks about all of them, because loading the two tools takes longer than asking them.
 * Returns 0 if they accept everything, otherwise the highest exit code.
 */
export async function official(
  root: string,
  ask: Ask = askOfficial,
  say: (text: string) => void = console.log,
): Promise<number> {
  const tree = readTree(root);
  const folders = acceptedSpecs(tree);
  const isInput = (file: string): boolean =>
    isProgram(file) ||
    file.startsWith('tools/house/src/official/') ||
    folders.some((folder) => file.startsWith(`${folder}/`));
  const askAll = async (): Promise<number> => {
    let exitCode = 0;
    for (const folder of folders) {
      say(folder);
      exitCode = Math.max(exitCode, await ask(join(root, folder, 'atlas.config.yaml')));
    }
    return exitCode;
  };
  return unlessUnchanged({ root, name: 'official', tree, isInput }, askAll, say);
}

/**
 * Folders with a configuration, one per content, because several cases share their specs. The cases `bad-` and
 * `refused-` are left out, because Atlas itself refuses them.
 */
function acceptedSpecs(tree: Tree): readonly string[] {
  const byContent = new Map<string, string>();
  for (const file of tree.files.filter((name) => posix.basename(name) === 'atlas.config.yaml')) {
    const folder = posix.dirname(file);
    if (/\/(bad|refused)-/.test(folder)) continue;
    // Paths are relative to the folder, so that copies have the same hash.
    const inside = tree.files
      .filter((name) => name.startsWith(`${folder}/`))
      .map((name) => posix.relative(folder, name));
    const content = hashOf({ files: inside, read: (name) => tree.read(posix.join(folder, name)) }, () => true);
    if (!byContent.has(content)) byContent.set(content, folder);
  }
  return [...byContent.values()];
}
