import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface OsUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Whom Postgres runs as: it refuses to run as root, so root lends it the user `postgres` or, where there is none,
 * `nobody`. Undefined for everybody else, who run it themselves. No user is created.
 */
export function serverUser(): OsUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const found = users.find(([user]) => user === name);
    if (found !== undefined) return { uid: Number(found[2]), gid: Number(found[3]) };
  }
  throw new Error(
    'Postgres does not run as root and there is neither a user "postgres" nor "nobody": add one, or work as another user',
  );
}

/** True when that user can enter the folder, whatever lies above it. */
export function canEnter(user: OsUser | undefined, folder: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...user, stdio: 'ignore' }).status === 0;
}
