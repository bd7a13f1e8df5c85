import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What a service says when it is there. */
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
  /** All that it wrote to its log so far. */
  log(): string;
}

/** A test's service as a process of its own; `main` as `import.meta.resolve` gives it. */
export function serviceProcess(main: string, env: Readonly<Record<string, string>>): ServiceProcess {
  const child = spawn(process.execPath, [fileURLToPath(main)], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const stderr: Buffer[] = [];
  const lines: string[] = [];
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
    const line = parsed(text);
    if (line?.msg === 'listening') listening.resolve(line);
  });
  void ended.then(({ stderr: text }) => listening.reject(new Error(`did not listen: ${text}`)));
  return { child, listening: listening.promise, ended, log: () => lines.join('\n') };
}

/** Undefined for what is no line of a log: the last of a process that is killed may be half of one. */
function parsed(text: string): Listening | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
