import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeStaleLocks } from './staleLock.ts';

let data = '';
let lock = '';
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'atlas-data-'));
  lock = join(data, 'postmaster.pid');
  // The id of a running process that is not a server: this one.
  writeFileSync(lock, `${process.pid}\n${data}\n`);
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

describe.skipIf(!existsSync('/proc/self/cwd'))("a server's lock file", () => {
  it('is removed if no process works in the data folder, even if another process has its id', async () => {
    await removeStaleLocks(data);
    expect(existsSync(lock)).toBe(false);
  });

  it('is removed with what the server has left in the folder of its socket', async () => {
    const sockets = mkdtempSync(join(data, 'sockets-'));
    for (const name of ['.s.PGSQL.15432', '.s.PGSQL.15432.lock', 'base']) writeFileSync(join(sockets, name), '');
    await removeStaleLocks(data, sockets);
    expect(readdirSync(sockets)).toEqual(['base']);
  });

  it('stays as long as a process works in the data folder', async () => {
    const server = spawn('sleep', ['60'], { cwd: data, stdio: 'ignore' });
    await once(server, 'spawn');
    const removed = removeStaleLocks(data);
    expect(existsSync(lock)).toBe(true);
    server.kill('SIGKILL');
    await removed;
    expect(existsSync(lock)).toBe(false);
  });
});
