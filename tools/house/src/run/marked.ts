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

/** A process, by its id and its start, because an id is given out again. */
type Id = `${number} ${string}`;

/**
 * The processes that carry a mark, and all that they have started. A daemon has a session of its own, so a signal to
 * the step's group does not reach it. Environments are read from /proc; without it no process is found.
 */
export class Marked {
  readonly #mark: string;
  /** Those that were seen. A server may overwrite its environment, and may outlive the process that started it. */
  #seen = new Set<Id>();
  /** How often others were looked at. A process that is just starting still has the environment of its parent. */
  #looks = new Map<Id, number>();

  constructor(mark: string) {
    this.#mark = mark;
  }

  /** Looks for new ones. Call it while the starters of servers still run. Returns the ids of those that run now. */
  look(): readonly number[] {
    const all = processes();
    const looks = this.#looks;
    this.#looks = new Map(all.map(({ id }) => [id, (looks.get(id) ?? 0) + 1]));
    // reading an environment takes long, so those of others are not read again and again
    const isOurs = ({ pid, id }: Process): boolean =>
      this.#seen.has(id) || ((looks.get(id) ?? 0) < 2 && this.#carries(pid));
    const ours = new Map(all.filter(isOurs).map((one) => [one.pid, one]));
    for (let grown = true; grown;) {
      const children = all.filter(({ pid, parent }) => ours.has(parent) && !ours.has(pid));
      for (const child of children) ours.set(child.pid, child);
      grown = children.length > 0;
    }
    this.#seen = new Set([...ours.values()].map(({ id }) => id));
    return [...ours.keys()];
  }

  /** Ends all that run, and resolves to their number. */
  async end(): Promise<number> {
    const left = this.look();
    const deadline = performance.now() + GRACE;
    for (const pid of left) send(pid, 'SIGTERM');
    for (let pids = left; pids.length > 0; pids = this.look()) {
      if (performance.now() > deadline) for (const pid of pids) send(pid, 'SIGKILL');
      await delay(50);
    }
    return left.length;
  }

  #carries(pid: number): boolean {
    return environmentOf(pid).some((entry) => entry.startsWith(MARK) && entry.includes(this.#mark));
  }
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly id: Id;
}

/** All processes that are not zombies. */
function processes(): readonly Process[] {
  return pids().flatMap((pid) => {
    // The name is in parentheses and may contain anything. The fields after it are numbered from 3 (proc(5)).
    const fields = statOf(pid).split(') ').at(-1)?.split(' ') ?? [];
    const [state, parent, started] = [fields[0], fields[1], fields[19]];
    if (state === 'Z' || started === undefined) return [];
    return [{ pid, parent: Number(parent), id: `${pid} ${started}` as const }];
  });
}

function pids(): readonly number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

// Empty for a process that has ended.
function statOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
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
