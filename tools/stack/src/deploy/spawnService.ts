import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Issuer, StackInfo } from '../info.ts';
import { layoutOf } from '../layout.ts';
import { lastLines, lengthOf } from '../process/lastLines.ts';
import { noteProgram } from '../process/programFile.ts';
import { stop } from '../process/stop.ts';
import { type Listening, listeningOf } from './listening.ts';
import { deployLog, type DeployOptions } from './options.ts';
import { programEnvironment } from './programEnvironment.ts';
import { type Program, serviceProgram } from './programs.ts';

/** A running service in a process of its own, as operators run it. */
export interface ServiceProcess extends Listening {
  /** The name of the program. */
  readonly service: string;
  readonly pid: number;
  readonly log: string;
  /** The length of the log in bytes when this process began, because a log has all starts. */
  readonly logFrom: number;
  /** Resolves when the process has ended, for any reason. */
  readonly gone: Promise<void>;
  /** Ends the process, gracefully by default. Resolves when it has ended. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

export interface SpawnOptions extends DeployOptions {
  /** Variables that differ from the stack's environment for that service. By default, free ports are chosen. */
  readonly env?: Readonly<Record<string, string>>;
  /** The issuer whose tokens the service accepts; by default that of `mintToken`. */
  readonly issuer?: Issuer;
  /** The name of the log, needed if one service has several processes. */
  readonly name?: string;
  /** Starts it again when a file that it imports is saved, except files of installed packages. */
  readonly watch?: boolean;
  /** Called for each line that it prints. */
  readonly onLine?: (line: string) => void;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

const START_MS = 60_000;
const WATCH = fileURLToPath(new URL('./watchProgram.ts', import.meta.url));

/**
 * Starts a program, or the service with that name, on the stack: its `src/main.ts`. Resolves once it listens; throws an
 * error with the end of its log if it does not.
 */
export async function spawnService(
  info: StackInfo,
  what: string | Program,
  options: SpawnOptions = {},
): Promise<ServiceProcess> {
  const program = typeof what === 'string' ? serviceProgram(what) : what;
  const { name: service, folder: own } = program;
  const { root, namespace, env = {}, name = service, issuer, signal, watch = false, onLine } = options;
  signal?.throwIfAborted();
  const { root: folder, compiled, programs } = layoutOf(root);
  const log = deployLog(info, name);
  const logFrom = lengthOf(log);
  const watching = watch ? [WATCH] : [];
  const child = spawn(process.execPath, [...watching, join(folder, own, 'src/main.ts')], {
    cwd: folder,
    // In a group of its own, so that Ctrl-C reaches only this process, which then ends the service gracefully.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: compiled,
      ...programEnvironment(info, program, { root: folder, ...(issuer === undefined ? {} : { issuer }) }),
      PORT: '0',
      ADMIN_PORT: '0',
      ...(namespace === undefined ? {} : { ATLAS_NAMESPACE: namespace }),
      ...env,
    },
  });
  const gone = logged(child, log);
  if (onLine) for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', onLine);
  const end = async (how: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) await stop(child.pid, how);
    await gone;
  };
  const listening = await untilListening(child, gone, signal);
  if (listening !== undefined && child.pid !== undefined) {
    const forget = noteProgram(programs, { name, pid: child.pid, ...listening, log });
    void gone.then(forget);
    return { service, pid: child.pid, ...listening, log, logFrom, gone, stop: end };
  }
  await end('SIGKILL');
  signal?.throwIfAborted();
  throw new Error(`${service} does not start\n${lastLines(log, 12, logFrom)}\n  log: ${log}`);
}

/** Writes both streams into the log. Resolves when the process has ended and all of its output is written. */
async function logged(child: Child, log: string): Promise<void> {
  mkdirSync(dirname(log), { recursive: true });
  const out = createWriteStream(log, { flags: 'a', mode: 0o600 });
  child.stdout.pipe(out, { end: false });
  child.stderr.pipe(out, { end: false });
  await once(child, 'close').catch((error: unknown) => out.write(`${String(error)}\n`));
  await new Promise<void>((resolve) => out.end(() => resolve()));
}

async function untilListening(
  child: Child,
  gone: Promise<void>,
  signal: AbortSignal | undefined,
): Promise<Listening | undefined> {
  const { promise, resolve } = Promise.withResolvers<Listening | undefined>();
  const giveUp = (): void => resolve(undefined);
  const late = setTimeout(giveUp, START_MS);
  signal?.addEventListener('abort', giveUp, { once: true });
  void gone.then(giveUp);
  createInterface({ input: child.stdout }).on('line', (line) => {
    const found = listeningOf(line);
    if (found !== undefined) resolve(found);
  });
  return promise.finally(() => {
    clearTimeout(late);
    signal?.removeEventListener('abort', giveUp);
  });
}
