import { existsSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../process/until.ts';

/** Milliseconds in which the children of a killed server notice that they are orphans; they mostly need one. */
const PATIENCE = 10_000;

/**
 * Removes `postmaster.pid` of a server that was killed. Postgres itself refuses to start while any process has the id in
 * that file, and ids live on: as a zombie that nobody waits for (process 1 of a container), or given to another program
 * after a restart. A process of a server works in its data folder, so where none does, nobody uses the data.
 */
export async function removeStaleLock(data: string, signal?: AbortSignal): Promise<void> {
  const lock = join(data, 'postmaster.pid');
  // Without /proc nobody can tell, and Postgres's own judgement has to do.
  if (!existsSync(lock) || !existsSync('/proc/self/cwd')) return;
  const folder = realpathSync(data);
  const unused = await until(() => !isUsed(folder), { timeout: PATIENCE, ...(signal === undefined ? {} : { signal }) });
  if (unused) await rm(lock, { force: true });
}

function isUsed(folder: string): boolean {
  return readdirSync('/proc').some((pid) => /^\d+$/.test(pid) && workingFolder(pid) === folder);
}

// A zombie has none, and that of another user's process is not told: neither is a server of ours.
function workingFolder(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}
