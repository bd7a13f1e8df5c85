import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noteProgram, runningPrograms } from './programFile.ts';

const folder = mkdtempSync(join(tmpdir(), 'atlas-programs-'));
const about = { url: 'http://127.0.0.1:1', adminUrl: 'http://127.0.0.1:2', log: 'desk.log' };

describe('a program', () => {
  it('is listed while it runs, and not after it was forgotten', () => {
    const program = { name: 'desk', pid: process.pid, ...about };
    const forget = noteProgram(folder, program);
    expect(runningPrograms(folder)).toMatchObject([program]);
    forget();
    expect(runningPrograms(folder)).toEqual([]);
  });

  it('is no longer listed if it has ended without being forgotten', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    noteProgram(folder, { name: 'desk', pid: child.pid ?? 0, ...about });
    expect(runningPrograms(folder)).toHaveLength(1);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(runningPrograms(folder)).toEqual([]);
  });

  it('is not forgotten by the end of an earlier one with its name', () => {
    const forget = noteProgram(folder, { name: 'desk', pid: 1, ...about });
    const program = { name: 'desk', pid: process.pid, ...about };
    const forgetThis = noteProgram(folder, program);
    forget();
    expect(runningPrograms(folder)).toMatchObject([program]);
    forgetThis();
  });

  it('is listed nowhere before the first one has started', () => {
    expect(runningPrograms(join(folder, 'none'))).toEqual([]);
  });
});
