import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { portClaims } from './claims.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atlas-claims-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a claim of a port', () => {
  it('keeps other stacks from using it until it is released', () => {
    const [one, other] = [portClaims(folder), portClaims(folder)];
    expect([one.claim(1), one.claim(1), other.claim(1), other.claim(2)]).toEqual([true, true, false, true]);
    one.release();
    expect(other.claim(1)).toBe(true);
    other.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('ends with the process that made it', () => {
    writeFileSync(join(folder, '1'), `${spawnSync('true').pid}\n\n`);
    expect(portClaims(folder).claim(1)).toBe(true);
  });
});
