import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keep, readKept } from './postgres.ts';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'atlas-kept-'))));
afterEach(() => rmSync(folder, { recursive: true }));

describe('the kept database', () => {
  it('is read as it was kept, and no other file is left', () => {
    const file = join(folder, 'new/one.tar.gz');
    keep(file, Buffer.from('data'));
    keep(file, Buffer.from('later'));
    expect(String(readKept(file))).toBe('later');
    expect(readdirSync(join(folder, 'new'))).toEqual(['one.tar.gz']);
  });

  it.each([
    ['missing', () => undefined],
    ['cut off', (file: string, bytes: Buffer) => writeFileSync(file, bytes.subarray(0, -10))],
    ['changed', (file: string, bytes: Buffer) => writeFileSync(file, bytes.fill(0, 30, 31))],
    ['something else', (file: string) => writeFileSync(file, 'a text')],
  ])('is not used if it is %s', (what, damage) => {
    const file = join(folder, 'one.tar.gz');
    if (what !== 'missing') {
      keep(file, Buffer.from('x'.repeat(1_000) + Math.PI));
      damage(file, readFileSync(file));
    }
    expect(readKept(file)).toBeUndefined();
  });

  it('is not kept in a folder that cannot be written to, which is not an error', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => keep(join(folder, 'file/one.tar.gz'), Buffer.from('data'))).not.toThrow();
  });
});
