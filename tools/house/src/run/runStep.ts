import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Step, Tally } from './step.ts';
import { vitestTally } from './vitestReport.ts';

/** What became of a step. `seconds` is wall time; `log` holds all that it wrote, stdout and stderr together. */
export interface Outcome {
  readonly tally: Tally;
  readonly seconds: number;
  readonly log: string;
}

/** Runs one step to its end, or until `signal` aborts; then the step and all that it started are ended. */
export async function runStep(step: Step, logs: string, signal: AbortSignal): Promise<Outcome> {
  mkdirSync(logs, { recursive: true });
  const slug = step.name.replaceAll(/[^a-z0-9]+/gi, '-');
  const log = join(logs, `${slug}.log`);
  const report = join(logs, `${slug}.json`);
  rmSync(report, { force: true });
  const started = performance.now();
  const exitCode = await exec(withReport(step, report), log, step.limit ?? 300, signal);
  const seconds = (performance.now() - started) / 1000;
  return { tally: tallyOf(step, report, exitCode), seconds, log };
}

/** The last lines of a log, for a person whose step failed. */
export function tail(log: string, lines: number): string {
  return readFileSync(log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}

function withReport(step: Step, report: string): Step['command'] {
  if (step.counts === 'gate') return step.command;
  return [...step.command, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
}

function tallyOf(step: Step, report: string, exitCode: number): Tally {
  if (step.counts === 'vitest') return vitestTally(report, exitCode);
  return exitCode === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

async function exec(command: Step['command'], log: string, limit: number, signal: AbortSignal): Promise<number> {
  const [program, ...args] = command;
  const output = openSync(log, 'w');
  try {
    return await new Promise<number>((resolve) => {
      // A process group of its own, so that a step's grandchildren can be ended with it.
      const child = spawn(program, args, {
        stdio: ['ignore', output, output],
        detached: true,
        env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
      });
      const end = (force: NodeJS.Signals): void => endGroup(child.pid, force);
      const stop = (): void => {
        end('SIGTERM');
        setTimeout(() => end('SIGKILL'), 10_000).unref();
      };
      const timer = setTimeout(stop, limit * 1000);
      signal.addEventListener('abort', stop, { once: true });
      const done = (code: number): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
        resolve(code);
      };
      child.once('error', () => done(127));
      child.once('exit', (code) => {
        end('SIGTERM'); // whatever the step left behind
        done(code ?? 1);
      });
    });
  } finally {
    closeSync(output);
  }
}

function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already, which is what was wanted.
  }
}
