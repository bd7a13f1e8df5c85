import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPid, removePid, writePid } from './pidFile.ts';

let run = '';
beforeEach(() => {
  run = mkdtempSync(join(tmpdir(), 'atlas-run-'));
});
afterEach(() => rmSync(run, { recursive: true, force: true }));

describe('a pid file', () => {
  it('holds a running process and its settings, with only the id on the first line', () => {
    writePid(run, 'kafka', { pid: process.pid, settings: 'abc' });
    expect(readPid(run, 'kafka')).toEqual({ pid: process.pid, settings: 'abc' });
    expect(readFileSync(join(run, 'kafka.pid'), 'utf8').split('\n')[0]).toBe(String(process.pid));
    removePid(run, 'kafka');
    expect(readPid(run, 'kafka')).toBeUndefined();
  });

  it('is ignored if the process has ended, or if another process has its id', () => {
    writeFileSync(join(run, 'a.pid'), `${spawnSync('true').pid}\n\nabc\n`);
    writeFileSync(join(run, 'b.pid'), `${process.pid}\n1\nabc\n`);
    writeFileSync(join(run, 'c.pid'), '');
    expect(['a', 'b', 'c'].map((part) => readPid(run, part))).toEqual([undefined, undefined, undefined]);
  });
});
