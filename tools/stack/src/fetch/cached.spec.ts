import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cached } from './cached.ts';

let cache = '';
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'atlas-cache-'));
});
afterEach(() => rmSync(cache, { recursive: true, force: true }));

const signal = new AbortController().signal;

describe('the cache', () => {
  it('fills a folder once, even if two callers ask at the same time', async () => {
    let fills = 0;
    const fill = async (folder: string): Promise<void> => {
      fills += 1;
      await writeFile(join(folder, 'a'), 'content');
    };
    const [one] = await Promise.all([
      cached('tool-1', { cache, signal }, fill),
      cached('tool-1', { cache, signal }, fill),
    ]);
    expect(fills).toBe(1);
    expect(readFileSync(join(one, 'a'), 'utf8')).toBe('content');
    expect(readdirSync(cache)).toEqual(['tool-1']);
  });

  it('keeps nothing from a failed download', async () => {
    const fill = async (folder: string): Promise<void> => {
      await writeFile(join(folder, 'half'), '');
      throw new Error('cut off');
    };
    await expect(cached('tool-1', { cache, signal }, fill)).rejects.toThrow('cut off');
    expect(readdirSync(cache)).toEqual([]);
  });

  it('removes the draft of a run that was killed', async () => {
    mkdirSync(join(cache, 'tool-1.draft-1'));
    await cached('tool-1', { cache, signal }, () => Promise.resolve());
    expect(readdirSync(cache)).toEqual(['tool-1']);
  });
});
