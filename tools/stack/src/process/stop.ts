import { alive } from './alive.ts';
import { until } from './until.ts';

/**
 * Ends a process: `signal`, and after `grace` milliseconds SIGKILL, to its whole group where it leads one (a start
 * script's child dies with it). Resolves when it is gone.
 */
export async function stop(pid: number, signal: NodeJS.Signals = 'SIGTERM', grace = 15_000): Promise<void> {
  send(pid, signal);
  if (await until(() => !alive(pid), { every: 20, timeout: grace })) return;
  killGroup(pid);
  await until(() => !alive(pid), { every: 20, timeout: 5_000 });
}

/** SIGKILL to a process's group or, where it leads none, to it alone. One that is gone is fine. */
export function killGroup(pid: number): void {
  if (!send(-pid, 'SIGKILL')) send(pid, 'SIGKILL');
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
