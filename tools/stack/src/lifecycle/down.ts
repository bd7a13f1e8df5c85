import { existsSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import { type Layout, layoutOf } from '../layout.ts';
import { PARTS } from '../parts/parts.ts';
import { withLock } from '../process/lock.ts';
import { readPid } from '../process/pidFile.ts';
import { readState } from '../state.ts';
import { forgetData, forgetState } from './forget.ts';
import { type Report, silent } from './report.ts';
import { stopPart } from './startPart.ts';
import { usersOf } from './users.ts';

export interface DownOptions {
  /** The repository; this one by default. */
  readonly root?: string;
  /** Also removes the data, the passwords and the logs. */
  readonly forget?: boolean;
  readonly report?: Report;
}

/** Stops all parts of the repository's stack at once, gracefully at first. Keeps the data unless `forget` is set. */
export async function stackDown({ root, forget = false, report = silent }: DownOptions = {}): Promise<void> {
  const layout = layoutOf(root);
  if (!existsSync(layout.dir)) return;
  const onWait = (pid: number): void => report('stack', 'working', `waiting for process ${pid} to finish`);
  const work = async (): Promise<void> => {
    await stopAll(layout, report);
    if (!forget) return;
    await forgetData(layout, readState(layout));
    await forgetState(layout);
  };
  await withLock(layout.lockFile, work, { onWait });
  if (forget) await rmdir(layout.dir).catch(() => undefined);
}

async function stopAll(layout: Layout, report: Report): Promise<void> {
  // Removed first, because from now on nobody should use the stack.
  await rm(layout.infoFile, { force: true });
  usersOf(layout).keep();
  const all = PARTS.map(async (part) => {
    const runs = readPid(layout.run, part.name) !== undefined;
    if (runs) report(part.name, 'working', 'stopping');
    await stopPart(part, layout.run);
    if (runs || !part.optional) report(part.name, 'down', runs ? 'stopped' : 'was not running');
  });
  await Promise.all(all);
}
