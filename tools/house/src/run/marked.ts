import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** The environment variable that marks every process a step has started, even one that has left the step's group. */
const MARK = 'ATLAS_STEP';
/** Milliseconds between SIGTERM and SIGKILL. */
const GRACE = 10_000;

/** The environment that marks a process and everything that it starts. */
export function markedEnvironment(mark: string, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  // The mark is added to that of an outer step, because the tests of this runner themselves run in a step.
  return { ...env, [MARK]: `${env[MARK] ?? ''}:${mark}` };
}

/**
 * Ends every process that carries the mark and resolves to their number. A daemon has a session of its own, so a signal
 * to the step's group does not reach it. Environments are read from /proc; without it no process is found.
 */
export async function endMarked(mark: string): Promise<number> {
  const left = carriers(mark);
  const deadline = performance.now() + GRACE;
  for (const pid of left) send(pid, 'SIGTERM');
  for (let pids = left; pids.length > 0; pids = carriers(mark)) {
    if (performance.now() > deadline) for (const pid of pids) send(pid, 'SIGKILL');
    await delay(50);
  }
  return left.length;
}

function carriers(mark: string): readonly number[] {
  return processes().filter((pid) =>
    environmentOf(pid).some((entry) => entry.startsWith(MARK) && entry.includes(mark)),
  );
}

function processes(): readonly number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

// Empty for a zombie and for another user's process.
function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended already.
  }
}
