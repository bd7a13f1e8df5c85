import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holderOf, withLock } from './lock.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atlas-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a lock', () => {
  it('lets one caller work at a time and is removed afterwards', async () => {
    const file = join(folder, 'lock');
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise(setImmediate);
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 5 }, () => withLock(file, work)));
    expect(most).toBe(1);
    expect(existsSync(file)).toBe(false);
  });

  it('is released if the work throws', async () => {
    const file = join(folder, 'lock');
    await expect(withLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await withLock(file, () => Promise.resolve(1))).toBe(1);
  });

  it('is taken over from a process that has died', async () => {
    const file = join(folder, 'lock');
    const { pid } = spawnSync('true');
    writeFileSync(file, `${pid}\n\n`);
    expect(await withLock(file, () => Promise.resolve('mine'), { timeout: 5_000 })).toBe('mine');
  });

  it('is taken over from a process whose id another process has now', async () => {
    const file = join(folder, 'lock');
    writeFileSync(file, `${process.pid}\n1\n`);
    expect(holderOf(file)).toBeUndefined();
    expect(await withLock(file, () => Promise.resolve('mine'), { timeout: 5_000 })).toBe('mine');
  });

  it.each(['', '\n', '0\n\n', '-1\n\n', 'not a number\n'])('is taken over if its file has only %j', async (text) => {
    const file = join(folder, 'lock');
    writeFileSync(file, text);
    expect(await withLock(file, () => Promise.resolve('mine'), { timeout: 5_000 })).toBe('mine');
  });

  it('names the process that it waits for, and gives up when its time is over', async () => {
    const file = join(folder, 'lock');
    const seen: number[] = [];
    await withLock(file, async () => {
      const second = withLock(file, () => Promise.resolve(), { timeout: 50, onWait: (pid) => seen.push(pid) });
      await expect(second).rejects.toThrow(/still holds/);
    });
    expect(seen).toEqual([process.pid]);
  });
});
