import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startProgress } from './progress.ts';
import { runStep, stateOf } from './runStep.ts';
import type { Step } from './step.ts';
import { filesText } from './vitestReport.ts';

describe('the progress of steps', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** What is written while two steps run for some seconds, the first of which has test files. */
  function written(isTTY: boolean, seconds: number): readonly string[] {
    const texts: string[] = [];
    const out = { isTTY, columns: 60, write: (text: string) => texts.push(text) > 0 };
    const stops = [
      startProgress('case folders', () => '3 of 23 files, now cases, initService', out),
      startProgress('stack up', () => '', out),
    ];
    vi.advanceTimersByTime(seconds * 1000);
    for (const stop of stops) stop();
    return texts;
  }

  it('is a line every half minute in a log, and fewer in a long run', () => {
    const lines = written(false, 1200);
    expect(lines[1]).toBe('… still running: case folders 60 s: 3 of 23 files, now cases, initService; stack up 60 s\n');
    expect(lines).toHaveLength(25);
  });

  it('is one line on a terminal, which is written again every second and is not longer than the terminal', () => {
    const lines = written(true, 3);
    expect(lines.at(-3)).toBe('\r\u001b[K… case folders 3 s: 3 of 23 files, now cases, initService;…');
    expect(lines.slice(-2)).toEqual(['\r\u001b[K', '\r\u001b[K']);
    expect(lines).toHaveLength(7);
    expect(Math.max(...lines.map((line) => line.slice(4).length))).toBeLessThan(60);
  });

  it('is over once the steps have ended', () => {
    written(false, 30);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a vitest step', () => {
  it('tells how many of its files have ended, and which run', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'atlas-progress-'));
    const file = (name: string, test: string): void =>
      writeFileSync(join(folder, `${name}.spec.ts`), `import { existsSync } from 'node:fs';\nit('runs', ${test});\n`);
    file('quick', '() => {}');
    const go = join(folder, 'go');
    file('waiting', `() => vi.waitUntil(() => existsSync(${JSON.stringify(go)}), { timeout: 60_000 })`);
    const step: Step = {
      name: 'some tests',
      command: ['vitest', 'run', '--globals', '--root', folder, '--maxWorkers=2', '--testTimeout=60000'],
      counts: 'vitest',
    };
    const told = (): string => filesText(stateOf(step, folder));
    expect(told()).toBe('');
    const ran = runStep(step, folder, new AbortController().signal);
    try {
      await expect.poll(told).toBe('1 of 2 files, now waiting');
    } finally {
      writeFileSync(go, '');
    }
    expect((await ran).tally).toMatchObject({ passed: 2, failed: 0 });
    expect(told()).toBe('2 of 2 files');
    rmSync(folder, { recursive: true });
  });
});
