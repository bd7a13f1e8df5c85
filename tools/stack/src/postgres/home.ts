import { createHash } from 'node:crypto';
import { chownSync, cpSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Layout } from '../layout.ts';
import { saveState, type StackState } from '../state.ts';
import { postgresBinaries } from './binaries.ts';
import { canEnter, type OsUser, serverUser } from './osUser.ts';

export interface PostgresHome {
  readonly user: OsUser | undefined;
  /** Its own folder: data/ is in it. */
  readonly folder: string;
  readonly bin: string;
}

/**
 * Where Postgres lives: below the state folder, or, where the user it runs as cannot go there (a checkout in root's own
 * home), in a folder of the system's lasting temporary files, with a copy of the programs. Remembered in the state.
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
    // At once: `clean` has to find it also when this start comes to nothing.
    saveState(layout, state);
  }
  const folder = state.postgresHome;
  own(folder, user);
  return { user, folder, bin: join(copyOf(programs, join(folder, `postgres-${version}`)), 'bin') };
}

/** The folder for a checkout that the server's user cannot enter: always the same one for a state folder. */
export function farHome({ dir }: Layout): string {
  const base = existsSync('/var/tmp') ? '/var/tmp' : tmpdir();
  return join(base, `atlas-${createHash('sha256').update(dir).digest('hex').slice(0, 16)}`);
}

// Anybody can make a folder in /var/tmp, so one that is already there has to be ours.
function own(folder: string, user: OsUser | undefined): void {
  mkdirSync(dirname(folder), { recursive: true });
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
  const found = lstatSync(folder);
  const mine = process.getuid?.() ?? found.uid;
  if (!found.isDirectory() || (found.uid !== mine && found.uid !== user?.uid)) {
    throw new Error(`${folder} belongs to somebody else: remove it, or set ATLAS_POSTGRES_URL to a server of your own`);
  }
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
