import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { withLock } from '../process/lock.ts';

export interface CacheOptions {
  readonly cache: string;
  readonly signal: AbortSignal;
  readonly onWait?: (pid: number) => void;
}

/**
 * The folder `<cache>/<name>`, which is filled at its first use. `fill` writes into a draft, which is renamed when it
 * is complete, so that a crash leaves nothing half-written. A second process waits for the first.
 */
export async function cached(
  name: string,
  { cache, signal, onWait }: CacheOptions,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  const wait = onWait === undefined ? {} : { onWait };
  await withLock(
    `${folder}.lock`,
    async () => {
      if (existsSync(folder)) return;
      await forgetDrafts(folder);
      const draft = `${folder}.draft-${process.pid}`;
      await mkdir(draft, { recursive: true });
      try {
        await fill(draft);
        await rename(draft, folder);
      } finally {
        await rm(draft, { recursive: true, force: true });
      }
    },
    { signal, ...wait },
  );
  return folder;
}

// Removes drafts of runs that were killed. No other process is writing one now, because this process holds the lock.
async function forgetDrafts(folder: string): Promise<void> {
  const parent = dirname(folder);
  for (const entry of readdirSync(parent)) {
    if (entry.startsWith(`${basename(folder)}.draft-`)) await rm(join(parent, entry), { recursive: true, force: true });
  }
}
