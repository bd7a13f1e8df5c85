import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';

export interface DaemonCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * Starts a process that outlives this one. It has a session of its own, so Ctrl-C in the terminal does not reach it.
 * Both output streams go to `log`; the log of the previous run is kept as `<log>.1`. Resolves to the process id.
 */
export async function startDaemon({ command, args, ...rest }: DaemonCommand, log: string): Promise<number> {
  mkdirSync(dirname(log), { recursive: true });
  if (existsSync(log)) renameSync(log, `${log}.1`);
  const fd = openSync(log, 'w', 0o600);
  try {
    const child = spawn(command, [...args], { ...rest, detached: true, stdio: ['ignore', fd, fd] });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    if (child.pid === undefined) throw new Error(`${command} did not start`);
    return child.pid;
  } finally {
    closeSync(fd);
  }
}
