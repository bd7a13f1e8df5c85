import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { notedWork } from './notedWork.ts';

let folder = '';
let note = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atlas-noted-'));
  note = join(folder, 'notes/one');
});
afterEach(() => rmSync(folder, { recursive: true }));

const done = (digest: string, isThere = true): Promise<boolean> =>
  notedWork({
    note,
    digest,
    isThere: async (made) => isThere && JSON.stringify(made) === '["seat"]',
    work: async () => ['seat'],
  });

describe('noted work', () => {
  it('is done once, and again if its digest has changed or its result is gone', async () => {
    expect([await done('a'), await done('a')]).toEqual([true, false]);
    expect([await done('b'), await done('b')]).toEqual([true, false]);
    expect([await done('b', false), await done('b')]).toEqual([true, false]);
  });

  it('is done again after it has failed, even with the digest of before', async () => {
    await done('a');
    const work = (): Promise<never> => Promise.reject(new Error('no such luck'));
    await expect(notedWork({ note, digest: 'b', isThere: async () => true, work })).rejects.toThrow('no such luck');
    expect(existsSync(note)).toBe(false);
    expect(await done('a')).toBe(true);
  });

  it('is done again if its note was cut off', async () => {
    await done('a');
    writeFileSync(note, '{"digest":"a"');
    expect(await done('a')).toBe(true);
  });
});
