import { existsSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../process/until.ts';

/** Milliseconds until the child processes of a killed server have ended. Usually they take one. */
const PATIENCE = 10_000;

/**
 * Removes the `postmaster.pid` of a server that was killed. Postgres refuses to start while any process has the id in
 * that file. The process may be a zombie that nobody waits for, as in a container, or another program after a restart.
 * Every process of a server has the data folder as its working folder, so if none has, the data is not in use.
 */
export async function removeStaleLock(data: string, signal?: AbortSignal): Promise<void> {
  const lock = join(data, 'postmaster.pid');
  // Without /proc this is unknown, so Postgres decides.
  if (!existsSync(lock) || !existsSync('/proc/self/cwd')) return;
  const folder = realpathSync(data);
  const unused = await until(() => !isUsed(folder), { timeout: PATIENCE, ...(signal === undefined ? {} : { signal }) });
  if (unused) await rm(lock, { force: true });
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
