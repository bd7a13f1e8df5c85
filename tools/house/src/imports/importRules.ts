import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isSource, readTree } from '../gates/tree.ts';

const FOLDERS = ['tools', 'templates', 'generated', 'services'];

/**
 * Runs dependency-cruiser over the tree at `root`. Returns exit code 0 if no rule is broken. With a `typescript` that
 * has no API (7 and later), dependency-cruiser silently skips every .ts file and passes. So a run that has read fewer
 * modules than there are sources fails.
 */
export function importRules(root: string, say: (text: string) => void = console.log): number {
  const folders = FOLDERS.filter((folder) => existsSync(join(root, folder)));
  const { stdout, stderr, status } = spawnSync(
    'depcruise',
    ['--config', '.dependency-cruiser.cjs', '--output-type', 'err-long', ...folders],
    { cwd: root, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } },
  );
  say(stdout + stderr);
  const modules = Number(/(\d+) modules/.exec(stdout)?.[1] ?? 0);
  const least = Math.max(1, sourcesIn(root, folders));
  if (status === 0 && modules < least) {
    say(
      `only ${modules} of at least ${least} modules were read: dependency-cruiser needs TypeScript 6 to read .ts files`,
    );
    return 1;
  }
  return status ?? 1;
}

function sourcesIn(root: string, folders: readonly string[]): number {
  const inside = (file: string): boolean => folders.some((folder) => file.startsWith(`${folder}/`));
  return readTree(root).files.filter((file) => isSource(file) && !file.endsWith('.sh') && inside(file)).length;
}
