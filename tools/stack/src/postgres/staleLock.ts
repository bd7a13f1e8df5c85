import { existsSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../process/until.ts';

/** Milliseconds until the child processes of a killed server have ended. Usually they take one. */
const PATIENCE = 10_000;

/**
 * Removes the `postmaster.pid` of a server that was killed, and what it left in the folder of its socket. Postgres
 * refuses to start while any process has the id in one of these files. The process may be a zombie that nobody waits
 * for, as in a container, or another program after a restart. Every process of a server has the data folder as its
 * working folder, so if none has, the data is not in use.
 */
export async function removeStaleLocks(data: string, sockets?: string, signal?: AbortSignal): Promise<void> {
  const left = [join(data, 'postmaster.pid'), ...(sockets === undefined ? [] : socketsIn(sockets))].filter(existsSync);
  // Without /proc this is unknown, so Postgres decides.
  if (left.length === 0 || !existsSync('/proc/self/cwd')) return;
  const folder = realpathSync(data);
  const unused = await until(() => !isUsed(folder), { timeout: PATIENCE, ...(signal === undefined ? {} : { signal }) });
  if (unused) await Promise.all(left.map((file) => rm(file, { force: true })));
}

/** The sockets in a folder, and their lock files. */
function socketsIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith('.s.PGSQL.'))
    .map((name) => join(folder, name));
}

function isUsed(folder: string): boolean {
  return readdirSync('/proc').some((pid) => /^\d+$/.test(pid) && workingFolder(pid) === folder);
}

// The working folder of a process. Empty for a zombie and for another user's process; neither is a server of this
// stack.
function workingFolder(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}
