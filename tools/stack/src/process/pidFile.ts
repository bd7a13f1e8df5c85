import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alive, bornAt } from './alive.ts';

/** A process that a stack has started: its id, and a digest of the settings with which it was started. */
export interface Running {
  readonly pid: number;
  readonly settings: string;
}

/** Keeps a part's process in `<run>/<part>.pid`. The id is on the first line, so that `kill $(head -1 …)` works. */
export function writePid(run: string, part: string, { pid, settings }: Running): void {
  mkdirSync(run, { recursive: true });
  writeFileSync(join(run, `${part}.pid`), `${pid}\n${bornAt(pid) ?? ''}\n${settings}\n`);
}

/** The part's process, if it is running. If another process has its id now, it counts as ended. */
export function readPid(run: string, part: string): Running | undefined {
  let lines: readonly string[];
  try {
    lines = readFileSync(join(run, `${part}.pid`), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  const born = lines[1] ?? '';
  if (!Number.isInteger(pid) || pid <= 0 || !alive(pid)) return undefined;
  if (born !== '' && bornAt(pid) !== born) return undefined;
  return { pid, settings: lines[2] ?? '' };
}

export function removePid(run: string, part: string): void {
  rmSync(join(run, `${part}.pid`), { force: true });
}
