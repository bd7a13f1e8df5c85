import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { alive, bornAt } from './alive.ts';
import { until } from './until.ts';

export interface LockOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds until giving up. */
  readonly timeout?: number;
  /** Called once if another process holds the lock. */
  readonly onWait?: (pid: number) => void;
}

/** Runs `work` while holding the lock file. Waits for another holder, and takes the lock over if that one has died. */
export async function withLock<T>(file: string, work: () => Promise<T>, options: LockOptions = {}): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  let hasSaid = false;
  const taken = await until(
    () => {
      if (take(file)) return true;
      const holder = holderOf(file);
      if (holder !== undefined && !hasSaid) {
        hasSaid = true;
        options.onWait?.(holder);
      }
      return false;
    },
    {
      every: 100,
      timeout: options.timeout ?? 600_000,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    },
  );
  if (!taken) throw new Error(`process ${holderOf(file) ?? '?'} still holds ${file}`);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** Takes the lock if no running process holds it. Returns a function that releases it. */
export function tryLock(file: string): (() => void) | undefined {
  return take(file) || take(file) ? () => rmSync(file, { force: true }) : undefined;
}

/** The id of the running process that holds the lock. */
export function holderOf(file: string): number | undefined {
  const [pid, born] = contentOf(file);
  // an empty file, such as of a full disk: 0 would be this process's own group
  if (!Number.isInteger(pid) || pid <= 0 || !alive(pid)) return undefined;
  return born === '' || born === bornAt(pid) ? pid : undefined;
}

// Uses a link, which appears together with its content, so nobody reads a lock file that is not written yet.
function take(file: string): boolean {
  const draft = `${file}.${process.pid}.${performance.now()}`;
  writeFileSync(draft, `${process.pid}\n${bornAt(process.pid) ?? ''}\n`);
  try {
    linkSync(draft, file);
    return true;
  } catch {
    if (holderOf(file) === undefined) setAside(file);
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

// Two processes may find the same dead holder. Only one rename succeeds, and a process that has moved a new lock puts
// it back.
function setAside(file: string): void {
  const aside = `${file}.dead.${process.pid}`;
  try {
    renameSync(file, aside);
    if (holderOf(aside) !== undefined) linkSync(aside, file);
  } catch {
    // Another process was faster.
  }
  rmSync(aside, { force: true });
}

function contentOf(file: string): readonly [number, string] {
  try {
    const [pid, born] = readFileSync(file, 'utf8').split('\n');
    return [Number(pid), born ?? ''];
  } catch {
    return [Number.NaN, ''];
  }
}
