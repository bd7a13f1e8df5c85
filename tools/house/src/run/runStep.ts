import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { join, resolve } from 'node:path';
import { FILES_STATE } from './filesReporter.ts';
import { Marked, markedEnvironment } from './marked.ts';
import type { Step, Tally } from './step.ts';
import { vitestFailures, vitestTally } from './vitestReport.ts';

/** The result of a step. `seconds` is wall time. `log` is the file with its stdout and stderr together. */
export interface Outcome {
  readonly tally: Tally;
  readonly seconds: number;
  readonly log: string;
  /** Why it ended early, in words. */
  readonly cut?: string;
  /** How many processes it left running. They were ended. */
  readonly left: number;
  /** A text for each failure that the step can name. */
  readonly failures: readonly string[];
}

/** Where Node keeps what it has compiled, because the steps start the same programs again and again. */
const COMPILED = resolve('.atlas', 'compiled');

/** Milliseconds between SIGTERM and SIGKILL: enough to stop a stack that is starting. */
const GRACE = 10_000;

/** Milliseconds between two looks for processes that a step has started. A server is started in seconds. */
const LOOK = 1_000;

const INTERRUPTED = 'interrupted';

/**
 * Runs one step to its end, or until `signal` aborts. Then the step and everything that it started are ended. If the
 * signal has aborted already, the step fails without being started. All that it starts carries the mark (`Marked`).
 * Throws if the working folder was removed.
 */
export async function runStep(
  step: Step,
  logs: string,
  signal: AbortSignal,
  mark: string = randomUUID(),
): Promise<Outcome> {
  checkFolder();
  return runNow(step, logs, signal, mark).catch((error: unknown) => {
    // it may have been removed meanwhile, which says more than a missing file
    checkFolder();
    throw error;
  });
}

async function runNow(step: Step, logs: string, signal: AbortSignal, mark: string): Promise<Outcome> {
  mkdirSync(logs, { recursive: true });
  const log = join(logs, `${slugOf(step)}.log`);
  const report = join(logs, `${slugOf(step)}.json`);
  const files = stateOf(step, logs);
  for (const file of [report, files]) rmSync(file, { force: true });
  const started = performance.now();
  const limit = step.limit ?? 300;
  const marked = new Marked(mark);
  const looking = setInterval(() => marked.look(), LOOK);
  const env = { ...markedEnvironment(mark), [FILES_STATE]: resolve(files) };
  const ran = exec(withReport(step, report), { log, limit, signal, env });
  const { code, cut } = await ran.finally(() => clearInterval(looking));
  const left = step.leavesServers === true && cut === undefined ? 0 : await marked.end();
  const seconds = (performance.now() - started) / 1000;
  const tally = tallyOf(step, report, code);
  const failures = step.counts === 'vitest' ? vitestFailures(report) : [];
  return { tally, seconds, log, left, failures, ...(cut === undefined ? {} : { cut }) };
}

const slugOf = ({ name }: Step): string => name.replaceAll(/[^a-z0-9]+/gi, '-');

/** The file that says how far a vitest run is, for `filesText`. */
export function stateOf(step: Step, logs: string): string {
  return join(logs, `${slugOf(step)}.files.json`);
}

// In a removed folder nothing works any more, and a recursive mkdir of Node 24 never returns.
function checkFolder(): void {
  const folder = process.cwd();
  if (!existsSync(folder)) throw new Error(`its folder ${folder} was removed while it ran`);
}

/** The last lines of the log of a failed step. Undefined if somebody has removed the log meanwhile. */
export function tail(log: string, lines: number): string | undefined {
  try {
    return readFileSync(log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return undefined;
  }
}

function withReport(step: Step, report: string): Step['command'] {
  if (step.counts === 'gate') return step.command;
  const reporters = ['default', 'json', join(import.meta.dirname, 'filesReporter.ts')];
  return [...step.command, ...reporters.map((name) => `--reporter=${name}`), `--outputFile.json=${report}`];
}

function tallyOf(step: Step, report: string, exitCode: number): Tally {
  if (step.counts === 'vitest') return vitestTally(report, exitCode);
  return exitCode === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

interface Exit {
  readonly code: number;
  readonly cut?: string;
}

interface ExecOptions {
  readonly log: string;
  readonly limit: number;
  readonly signal: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
}

async function exec(command: Step['command'], { log, limit, signal, env }: ExecOptions): Promise<Exit> {
  const [program, ...args] = command;
  const output = openSync(log, 'w');
  try {
    if (signal.aborted) return { code: 130, cut: INTERRUPTED };
    return await new Promise<Exit>((resolve) => {
      // A process group of its own, so that everything the step starts can be ended with it.
      const child = spawn(program, args, {
        stdio: ['ignore', output, output],
        detached: true,
        env: { ...env, NODE_COMPILE_CACHE: COMPILED, NO_COLOR: '1', FORCE_COLOR: '0' },
      });
      let cut: Exit['cut'];
      const end = (force: NodeJS.Signals): void => endGroup(child.pid, force);
      const stop = (why: Exit['cut']): void => {
        cut ??= why;
        end('SIGTERM');
        setTimeout(() => end('SIGKILL'), GRACE).unref();
      };
      const onAbort = (): void => stop(INTERRUPTED);
      const timer = setTimeout(() => stop(`ended after its limit of ${limit} s`), limit * 1000);
      signal.addEventListener('abort', onAbort, { once: true });
      const done = (code: number): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        resolve({ code, ...(cut === undefined ? {} : { cut }) });
      };
      child.once('error', () => done(127));
      child.once('exit', (code, by) => {
        end('SIGTERM'); // for processes that the step has left running
        const killer = by ?? signalOf(code ?? 1);
        if (killer !== undefined) cut ??= `killed by ${killer}`;
        done(cut === undefined ? (code ?? 1) : 1);
      });
    });
  } finally {
    closeSync(output);
  }
}

/** The signal of an exit code with which a shell says that its program was killed by one. */
function signalOf(code: number): string | undefined {
  return Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
}

function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has ended already.
  }
}
