import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pipCommand } from './pip.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atlas-pip-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A folder for PATH with these programs. Each of them exits with its code. */
function path(name: string, programs: Readonly<Record<string, number>>): NodeJS.ProcessEnv {
  const bin = join(folder, name);
  mkdirSync(bin);
  for (const [program, code] of Object.entries(programs))
    writeFileSync(join(bin, program), `#!/bin/sh\nexit ${code}\n`, { mode: 0o755 });
  return { PATH: bin };
}

describe('pip', () => {
  it('is the module of the first Python on PATH', () => {
    expect(pipCommand(path('both', { python3: 0, pip3: 0 }))).toEqual([join(folder, 'both/python3'), '-m', 'pip']);
  });

  it('is a program of its own if Python has no such module', () => {
    expect(pipCommand(path('bare', { python3: 1, pip: 0 }))).toEqual([join(folder, 'bare/pip')]);
  });

  it('is undefined if there is neither', () => {
    expect(pipCommand(path('python', { python3: 1 }))).toBeUndefined();
    expect(pipCommand(path('nothing', {}))).toBeUndefined();
  });
});
