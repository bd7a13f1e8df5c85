import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = ['tools', 'templates', 'generated', 'services'];

/**
 * dependency-cruiser over the tree at `root`, 0 when it is clean. It passes in silence where the `typescript` it finds
 * has no API (7 and later): every .ts file is then skipped, and "0 modules" break no rule. So a run that saw fewer
 * modules than folders is a failure.
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
  if (status === 0 && modules < folders.length) {
    say(`only ${modules} modules were read: dependency-cruiser needs TypeScript 6 to see .ts files`);
    return 1;
  }
  return status ?? 1;
}
