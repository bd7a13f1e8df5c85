import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { LONG } from './longFirst.ts';
import { Marked, markedEnvironment } from './marked.ts';
import { runStep } from './runStep.ts';
import { runSteps } from './runSteps.ts';
import { add, closingLine, type Step, type Tally } from './step.ts';
import { vitestFailures, vitestTally } from './vitestReport.ts';

const SUITE = join(import.meta.dirname, 'suite.ts');

let folder = '';
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'atlas-house-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const never = new AbortController().signal;
const gate = (script: string, more: Partial<Step> = {}): Step => ({
  name: 'a gate',
  command: ['node', '-e', script],
  counts: 'gate',
  ...more,
});

describe('a step', () => {
  it('counts as one pass if it exits with 0, and its log holds stdout and stderr', async () => {
    const { tally, log } = await runStep(gate("console.log('out'); console.error('err')"), folder, never);
    expect(tally).toEqual({ passed: 1, failed: 0, skipped: 0 });
    expect(readFileSync(log, 'utf8').split('\n').sort().join(' ').trim()).toBe('err out');
  });

  it.each([
    ['exits with 3', gate('process.exit(3)')],
    ['is killed by a signal', gate("process.kill(process.pid, 'SIGKILL')")],
    ['is a program that does not exist', { ...gate(''), command: ['atlas-no-such-program'] } satisfies Step],
    ['runs longer than its limit', gate('setInterval(() => {}, 1000)', { limit: 0.2 })],
  ] satisfies [string, Step][])('counts as one failure if it %s', async (_, step) => {
    expect((await runStep(step, folder, never)).tally).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it('tells its programs where to keep what Node has compiled, which the next one then finds', async () => {
    const { log } = await runStep(gate("console.log(require('node:module').getCompileCacheDir())"), folder, never);
    expect(readFileSync(log, 'utf8')).toContain(resolve('.atlas/compiled'));
  });

  it('leaves no process of its program running, neither at its end nor after Ctrl-C', async () => {
    const script = (end: string): string =>
      `const c = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
       console.log(c.pid); ${end}`;
    const left = await runStep(gate(script('c.unref()')), folder, never);
    await gone(Number(readFileSync(left.log, 'utf8')));

    const interrupted = new AbortController();
    const running = runStep({ ...gate(script('')), name: 'long' }, folder, interrupted.signal);
    await expect.poll(() => readFileSync(join(folder, 'long.log'), 'utf8')).toContain('\n');
    interrupted.abort();
    const stopped = await running;
    expect(stopped).toMatchObject({ tally: { failed: 1 }, cut: 'interrupted' });
    await gone(Number(readFileSync(stopped.log, 'utf8')));
  });

  it.skipIf(!existsSync('/proc/self/environ'))(
    'leaves no daemon running, unless it is meant to start servers',
    async () => {
      const script = `const c = require('node:child_process').spawn('sleep', ['60'], { stdio: 'ignore', detached: true });
       c.unref(); console.log(c.pid);`;
      const { log, left, tally } = await runStep(gate(script), folder, never);
      expect([left, tally.failed]).toEqual([1, 0]);
      await gone(Number(readFileSync(log, 'utf8')));

      const server = await runStep(gate(script, { leavesServers: true }), folder, never);
      const pid = Number(readFileSync(server.log, 'utf8'));
      expect(alive(pid)).toBe(true);
      process.kill(pid);
      await gone(pid);
    },
  );

  it('names the limit that ended it, and is not started once the run is interrupted', async () => {
    expect((await runStep(gate('setInterval(() => {}, 1000)', { limit: 0.2 }), folder, never)).cut).toContain('0.2 s');
    const { tally, log } = await runStep(gate("console.log('started')"), folder, AbortSignal.abort());
    expect([tally.failed, readFileSync(log, 'utf8')]).toEqual([1, '']);
  });

  it.each([
    ['its program', { ...gate("process.kill(process.pid, 'SIGKILL')") }],
    ['the program of its shell', { ...gate(''), command: ['sh', '-c', 'sh -c "kill -9 \\$\\$"; exit $?'] }],
    ['its vitest', { ...gate('', { counts: 'vitest' }), command: ['sh', '-c', 'kill -9 $$'] }],
  ] satisfies [string, Step][])('names the signal that killed %s', async (_, step) => {
    const say = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const failed: string[] = [];
    await runSteps([step], folder, never, ({ failures }) => failed.push(...failures));
    const said = say.mock.calls.join('\n');
    say.mockRestore();
    expect(said).toContain('killed by SIGKILL');
    expect(failed).toEqual(['a gate, killed by SIGKILL']);
  });

  it.skipIf(availableParallelism() < 2)('runs side by side with another gate', async () => {
    const say = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const meet = (own: string, other: string): Step => {
      const [mine, theirs] = [own, other].map((name) => JSON.stringify(join(folder, name)));
      const script = `const fs = require('node:fs'); fs.writeFileSync(${mine}, '');
        const look = setInterval(() => fs.existsSync(${theirs}) && clearInterval(look), 20);`;
      return { ...gate(script), name: own };
    };
    const tallies: Tally[] = [];
    await runSteps([meet('one', 'other'), meet('other', 'one')], folder, never, ({ tally }) => tallies.push(tally));
    say.mockRestore();
    expect(tallies.map(({ passed }) => passed)).toEqual([1, 1]);
  });

  it('is still counted if somebody removes its log while it runs, and the next step runs', async () => {
    const logs = join(folder, 'vanishing');
    const say = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const tallies: Tally[] = [];
    const remove = `require('node:fs').rmSync(${JSON.stringify(logs)}, { recursive: true }); process.exit(3)`;
    await runSteps([gate(remove), gate('', { counts: 'vitest' })], logs, never, ({ tally }) => tallies.push(tally));
    const said = say.mock.calls.join('\n');
    say.mockRestore();
    expect(tallies.map(({ passed, failed }) => [passed, failed])).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect(said).toMatch(/its log .*a-gate\.log was removed while it ran; to see its output, run: node -e/);
  });
});

describe.skipIf(!existsSync('/proc/self/environ'))('the processes of a step', () => {
  it('are ended even if they do not carry its mark any more, and their starter has ended', async () => {
    const script = `const c = require('node:child_process').spawn('sleep', ['60'], { stdio: 'ignore', detached: true, env: {} });
      console.log(c.pid); process.stdin.resume();`;
    const starter = spawn(process.execPath, ['-e', script], {
      env: markedEnvironment('a-mark'),
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const [pid] = await once(starter.stdout, 'data');
    const marked = new Marked('a-mark');
    expect(marked.look()).toEqual([starter.pid, Number(pid)]);
    starter.kill('SIGKILL');
    await once(starter, 'exit');
    expect(await marked.end()).toBe(1);
    await gone(Number(pid));
  });

  it('are found even if one was just starting at the first look, without its own environment', async () => {
    const child = spawn('sh', ['-c', 'read line; exec env "$@" sleep 60', 'sh', 'ATLAS_STEP=:b-mark']);
    const marked = new Marked('b-mark');
    expect(marked.look()).toEqual([]);
    child.stdin.end('\n');
    await expect.poll(() => readFileSync(`/proc/${child.pid}/cmdline`, 'utf8')).toMatch(/^sleep/);
    expect(marked.look()).toEqual([child.pid]);
    expect(await marked.end()).toBe(1);
  });
});

describe('a run', () => {
  it('whose folder is removed ends, together with the steps that run', () => {
    const root = mkdtempSync(join(tmpdir(), 'atlas-house-'));
    const bin = mkdtempSync(join(folder, 'bin-'));
    const program = (name: string, line: string): void =>
      writeFileSync(join(bin, name), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
    program('oxfmt', `rm -r ${root}`);
    program('oxlint', 'exec sleep 60');
    program('tsc', 'exec sleep 60');
    const script = `process.exitCode = await (await import(${JSON.stringify(SUITE)})).suite('check')`;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: root,
      env: { ...process.env, PATH: `${bin}:${process.env['PATH']}` },
      encoding: 'utf8',
      timeout: 60_000,
      // it could not act on another one if it went on for ever
      killSignal: 'SIGKILL',
    });
    expect(stderr).toBe('');
    expect(stdout).toContain(`check cannot continue: its folder ${root} was removed while it ran`);
    expect(stdout).toMatch(/, [12] failed\n$/);
    expect(status).toBe(1);
  });
});

/** Resolves once the process has ended, or the test runs into its limit. */
async function gone(pid: number): Promise<void> {
  expect(pid).toBeGreaterThan(0);
  await expect.poll(() => alive(pid)).toBe(false);
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie runs nothing; its parent has not waited for it yet.
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

describe('the list of long test files', () => {
  it.each(LONG)('has no file that was removed: %s', (file) => {
    expect(existsSync(join(import.meta.dirname, '../../../..', file))).toBe(true);
  });
});

describe('the sum of a vitest run', () => {
  const tally = (report: unknown, exitCode: number) => {
    const file = join(folder, 'report.json');
    writeFileSync(file, typeof report === 'string' ? report : JSON.stringify(report));
    return vitestTally(file, exitCode);
  };
  const counts = { numPassedTests: 7, numFailedTests: 0, numPendingTests: 2, numTodoTests: 1, testResults: [] };

  it('has the counts of the report', () => {
    expect(tally(counts, 0)).toEqual({ passed: 7, failed: 0, skipped: 3 });
  });

  it('counts a file that failed before its first test', () => {
    const broken = { ...counts, testResults: [{ status: 'failed', assertionResults: [] }, { status: 'passed' }] };
    expect(tally(broken, 1).failed).toBe(1);
  });

  it('has a failure if the run failed outside any test or wrote no report', () => {
    expect(tally(counts, 1).failed).toBe(1);
    expect(tally('not json', 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(vitestTally(join(folder, 'missing.json'), 137).failed).toBe(1);
    expect(vitestTally(join(folder, 'missing.json'), 0).failed).toBe(1);
  });
});

describe('the failures of a vitest run', () => {
  it('have the file, the title and the first line of each failed test, and of a file that did not load', () => {
    const file = join(folder, 'failures.json');
    const test = (title: string, status: string, ...failureMessages: string[]) => ({
      fullName: title,
      status,
      failureMessages,
    });
    const testResults = [
      {
        name: resolve('a.spec.ts'),
        status: 'failed',
        assertionResults: [test('a does', 'passed'), test('a is not', 'failed', 'Error: one\n    at a.ts')],
      },
      { name: resolve('b.spec.ts'), status: 'failed', message: 'Cannot find c', assertionResults: [] },
      { name: resolve('c.spec.ts'), status: 'passed', assertionResults: [test('c does', 'passed')] },
    ];
    writeFileSync(file, JSON.stringify({ testResults }));
    expect(vitestFailures(file)).toEqual(['a.spec.ts: a is not\n  Error: one', 'b.spec.ts\n  Cannot find c']);
    expect(vitestFailures(join(folder, 'missing.json'))).toEqual([]);
  });
});

describe('the closing line', () => {
  it('has the form that CI looks for', () => {
    expect(closingLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
    expect(closingLine(add({ passed: 1, failed: 1, skipped: 0 }, { passed: 1, failed: 0, skipped: 4 }))).toBe(
      '2 passed, 1 failed',
    );
  });
});
