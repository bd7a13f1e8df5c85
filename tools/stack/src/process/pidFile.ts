import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alive, bornAt } from './alive.ts';

/** A process that a stack started: its id, when it began, and a digest of the settings it was started with. */
export interface Running {
  readonly pid: number;
  readonly settings: string;
}

/** Remembers a part's process in `<run>/<part>.pid`: the id on the first line, so that `kill $(head -1 …)` works. */
export function writePid(run: string, part: string, { pid, settings }: Running): void {
  mkdirSync(run, { recursive: true });
  writeFileSync(join(run, `${part}.pid`), `${pid}\n${bornAt(pid) ?? ''}\n${settings}\n`);
}

/** The part's process when it is alive. An id that now belongs to another process counts as dead. */
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
