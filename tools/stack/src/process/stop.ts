import { alive } from './alive.ts';
import { until } from './until.ts';

/**
 * Ends a process by `signal`, and by SIGKILL after `grace` milliseconds. SIGKILL goes to its whole group if it leads
 * one, so that the child of a start script ends too. Resolves when the process has ended.
 */
export async function stop(pid: number, signal: NodeJS.Signals = 'SIGTERM', grace = 15_000): Promise<void> {
  send(pid, signal);
  if (await until(() => !alive(pid), { every: 20, timeout: grace })) return;
  killGroup(pid);
  await until(() => !alive(pid), { every: 20, timeout: 5_000 });
}

/** Sends SIGKILL to a process's group or, if it leads none, to the process. Does nothing if it has ended already. */
export function killGroup(pid: number): void {
  if (!send(-pid, 'SIGKILL')) send(pid, 'SIGKILL');
}

/** Resolves when no process of a group is left. On a busy machine some live on for a moment after SIGKILL. */
export async function groupEnded(pid: number): Promise<void> {
  await until(() => !alive(-pid), { every: 5, timeout: 5_000 });
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
