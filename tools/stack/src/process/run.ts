import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { lastLines } from './lastLines.ts';
import { groupEnded, killGroup } from './stop.ts';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
  /** The file for both output streams. */
  readonly log: string;
  readonly signal?: AbortSignal;
}

/**
 * Runs a command to its end. Throws the last lines of its log if it fails. An abort ends its whole process group first.
 */
export async function run(
  command: string,
  args: readonly string[],
  { log, signal, ...rest }: RunOptions,
): Promise<void> {
  signal?.throwIfAborted();
  mkdirSync(dirname(log), { recursive: true });
  const fd = openSync(log, 'a');
  try {
    const child = spawn(command, [...args], { ...rest, detached: true, stdio: ['ignore', fd, fd] });
    const kill = (): void => {
      if (child.pid !== undefined) killGroup(child.pid);
    };
    signal?.addEventListener('abort', kill, { once: true });
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', resolve);
    }).finally(() => signal?.removeEventListener('abort', kill));
    if (signal?.aborted && child.pid !== undefined) await groupEnded(child.pid);
    signal?.throwIfAborted();
    if (code !== 0) throw new Error(`${command} ended with code ${code ?? 'none'}\n${lastLines(log)}\n  log: ${log}`);
  } finally {
    closeSync(fd);
  }
}
