import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface OsUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The user that Postgres runs as. It refuses to run as root, so for root this is `postgres` or, if there is no such
 * user, `nobody`. Undefined for everybody else: Postgres then runs as that user. No user is created.
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
    'Postgres refuses to run as root, and there is no user "postgres" or "nobody": add one, or work as another user',
  );
}

/** True if that user can enter the folder and all folders above it. */
export function canEnter(user: OsUser | undefined, folder: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...user, stdio: 'ignore' }).status === 0;
}
