import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alive } from './alive.ts';
import { run } from './run.ts';
import { until } from './until.ts';

let folder = '';
let log = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atlas-run-'));
  log = join(folder, 'log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a command', () => {
  it('that fails shows the last lines of its log, and where the log is', async () => {
    await expect(run('sh', ['-c', 'echo fine; echo broken >&2; exit 3'], { log })).rejects.toThrow(
      /code 3[^]*broken[^]*log: /,
    );
  });

  it('that does not exist is named in the error', async () => {
    await expect(run('no-such-program', [], { log })).rejects.toThrow(/no-such-program/);
  });

  it('ends together with its child processes if it is aborted', async () => {
    const stop = new AbortController();
    const running = run('sh', ['-c', 'sleep 60 & echo $!; wait'], { log, signal: stop.signal });
    const child = async (): Promise<number> => Number(readFileSync(log, 'utf8').trim() || 0);
    expect(await until(async () => (await child()) > 0, { timeout: 60_000 })).toBe(true);
    stop.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    expect(alive(await child())).toBe(false);
  });
});
