import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { classDataFlags } from './classData.ts';

let cache = '';
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'atlas-class-data-'));
  mkdirSync(join(cache, 'program/lib'), { recursive: true });
  writeFileSync(join(cache, 'program/lib/a.jar'), 'a');
  utimesSync(join(cache, 'program/lib/a.jar'), 1_000, 1_000);
});
afterEach(() => rmSync(cache, { recursive: true }));

function archiveOf(folder: string): string {
  const flag = classDataFlags(cache, 'program-1', { version: '25' }, folder).find((one) => one.includes('ArchiveFile'));
  return flag?.split('=')[1] ?? '';
}

describe('the archive of class data', () => {
  it('stays the same if its program is moved', () => {
    cpSync(join(cache, 'program'), join(cache, 'moved'), { recursive: true, preserveTimestamps: true });
    expect(archiveOf(join(cache, 'moved'))).toBe(archiveOf(join(cache, 'program')));
  });

  it.each([
    ['time', (jar: string) => utimesSync(jar, 1_001, 1_001)],
    ['size', (jar: string) => (writeFileSync(jar, 'aa'), utimesSync(jar, 1_000, 1_000))],
  ])('is replaced if the %s of a jar has changed, because Java would not use it', (_, change) => {
    const before = archiveOf(join(cache, 'program'));
    writeFileSync(before, '');
    const other = join(cache, 'class-data', 'program-10-java-25-0123456789ab.jsa');
    writeFileSync(other, '');
    change(join(cache, 'program/lib/a.jar'));
    const after = archiveOf(join(cache, 'program'));
    expect(basename(after)).not.toBe(basename(before));
    expect([existsSync(before), existsSync(other)]).toEqual([false, true]);
  });
});
