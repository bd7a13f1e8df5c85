import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** The environment variable by which a process is known to come from a step, however far it has gone from its group. */
const MARK = 'ATLAS_STEP';
/** Milliseconds between SIGTERM and SIGKILL. */
const GRACE = 10_000;

/** The environment that marks a process and all that it will start. */
export function markedEnvironment(mark: string, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  // added to the mark of an outer step: the tests of this runner are a step themselves
  return { ...env, [MARK]: `${env[MARK] ?? ''}:${mark}` };
}

/**
 * Ends every process that carries the mark, and resolves to how many there were. A daemon has a session of its own, so
 * no signal to the step's group reaches it. (Only /proc tells an environment: elsewhere it finds none.)
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

// Empty for a zombie, and for a process of somebody else.
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
    // It has ended, which is what was wanted.
  }
}
