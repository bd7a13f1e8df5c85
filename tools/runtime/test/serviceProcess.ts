import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The addresses that a service logs once it listens. */
export interface Listening {
  readonly msg: string;
  readonly url: string;
  readonly adminUrl: string;
  readonly service: string;
  readonly level: string;
}

export interface ServiceProcess {
  readonly child: ChildProcess;
  readonly listening: Promise<Listening>;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null; readonly stderr: string }>;
  /** Everything that it has written to its log so far. */
  log(): string;
  /** Resolves to the first line of its log that matches. Rejects if the process ends without one. */
  logged(pattern: RegExp): Promise<string>;
}

/** Where Node keeps what it has compiled, if the test run has such a folder. */
const { NODE_COMPILE_CACHE } = process.env;
const COMPILED = NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };

/**
 * Runs a test's service as a process. `main` is a result of `import.meta.resolve`. `env` is all of its environment but
 * what makes it start faster.
 */
export function serviceProcess(main: string, env: Readonly<Record<string, string>>): ServiceProcess {
  const child = spawn(process.execPath, [fileURLToPath(main)], {
    env: { ...COMPILED, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stderr: Buffer[] = [];
  const lines: string[] = [];
  const awaited = new Map<RegExp, (line: string) => void>();
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  const ended = once(child, 'close').then(([code, signal]) => ({
    code,
    signal,
    stderr: Buffer.concat(stderr).toString(),
  }));
  const listening = Promise.withResolvers<Listening>();
  listening.promise.catch(() => undefined);
  createInterface({ input: child.stdout }).on('line', (text) => {
    lines.push(text);
    for (const [pattern, take] of awaited) if (pattern.test(text)) take(text);
    const line = parsed(text);
    if (line?.msg === 'listening') listening.resolve(line);
  });
  void ended.then(({ stderr: text }) => listening.reject(new Error(`did not listen: ${text}`)));
  return {
    child,
    listening: listening.promise,
    ended,
    log: () => lines.join('\n'),
    logged: (pattern) =>
      new Promise((resolve, reject) => {
        const found = lines.find((line) => pattern.test(line));
        if (found !== undefined) return resolve(found);
        awaited.set(pattern, resolve);
        void ended.then(() => reject(new Error(`no line matches ${pattern.source}: ${lines.slice(-5).join('\n')}`)));
      }),
  };
}

/** Undefined for a line that is not JSON: the last line of a killed process may be incomplete. */
function parsed(text: string): Listening | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
