import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** True while a process with that id exists and is not a zombie. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it exists and belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return statOf(pid)?.state !== 'Z';
}

/** When a process started, as text that differs for a later process with the same id. Undefined if it has ended. */
export function bornAt(pid: number): string | undefined {
  return existsSync('/proc/self/stat') ? statOf(pid)?.start : startByPs(pid);
}

/** The same without /proc, as on macOS, to the second. */
export function startByPs(pid: number): string | undefined {
  const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  return stdout?.trim() || undefined;
}

// proc(5): field 2 is the name in parentheses and may contain anything, so fields are counted from its end.
function statOf(pid: number): { state: string; start: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state, start] = [fields[0], fields[19]];
    return state === undefined || start === undefined ? undefined : { state, start };
  } catch {
    return undefined;
  }
}
