import { createHash } from 'node:crypto';
import { chmodSync, chownSync, cpSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Layout } from '../layout.ts';
import { saveState, type StackState } from '../state.ts';
import { postgresBinaries } from './binaries.ts';
import { canEnter, type OsUser, serverUser } from './osUser.ts';

export interface PostgresHome {
  readonly user: OsUser | undefined;
  /** The folder that contains data/. */
  readonly folder: string;
  readonly bin: string;
}

/**
 * The folder of Postgres: below the state folder if the user of Postgres can enter it. Otherwise, such as for a
 * checkout in root's home, it is a lasting temporary folder of the system, with a copy of the programs. The state
 * stores its path.
 */
export function postgresHome(layout: Layout, state: StackState): PostgresHome {
  const user = serverUser();
  const { folder: programs, version } = postgresBinaries();
  const near = join(layout.data, 'postgres');
  if (state.postgresHome === undefined) {
    own(near, user);
    if (canEnter(user, near) && canEnter(user, join(programs, 'bin')))
      return { user, folder: near, bin: join(programs, 'bin') };
    state.postgresHome = farHome(layout);
    // Saved at once, because `clean` must find the folder even if this start fails.
    saveState(layout, state);
  }
  const folder = state.postgresHome;
  own(folder, user);
  return { user, folder, bin: join(copyOf(programs, join(folder, `postgres-${version}`)), 'bin') };
}

/**
 * The stack's folder with a short path that the server's user can enter wherever the checkout is. The same state folder
 * always has the same one.
 */
export function farHome({ dir }: Layout): string {
  const base = existsSync('/var/tmp') ? '/var/tmp' : tmpdir();
  return join(base, `atlas-${createHash('sha256').update(dir).digest('hex').slice(0, 16)}`);
}

/**
 * Makes a folder that only the server's user can enter. Anybody can create one in /var/tmp, so one that exists must
 * belong to us.
 */
export function own(folder: string, user: OsUser | undefined): void {
  mkdirSync(dirname(folder), { recursive: true });
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
  const found = lstatSync(folder);
  const mine = process.getuid?.() ?? found.uid;
  if (!found.isDirectory() || (found.uid !== mine && found.uid !== user?.uid)) {
    throw new Error(
      `${folder} belongs to another user: remove it, or set ATLAS_POSTGRES_URL to a server that you have`,
    );
  }
  if ((found.mode & 0o077) !== 0) chmodSync(folder, 0o700);
  if (user !== undefined && found.uid !== user.uid) chownSync(folder, user.uid, user.gid);
}

function copyOf(programs: string, target: string): string {
  if (existsSync(target)) return target;
  const draft = `${target}.draft`;
  rmSync(draft, { recursive: true, force: true });
  cpSync(programs, draft, { recursive: true, verbatimSymlinks: true });
  renameSync(draft, target);
  return target;
}
