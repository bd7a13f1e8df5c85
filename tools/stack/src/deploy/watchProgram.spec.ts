import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { killGroup } from '../process/stop.ts';

const WATCH = fileURLToPath(new URL('./watchProgram.ts', import.meta.url));

let folder = '';
let watching: ChildProcess;
let printed = '';

/** Writes `part.mjs` as editors do that never leave half of a file: another file replaces it. */
function save(text: string): void {
  writeFileSync(join(folder, '.part.new'), text);
  renameSync(join(folder, '.part.new'), join(folder, 'part.mjs'));
}

const says = (text: string) => expect.poll(() => printed, { timeout: 20_000 }).toContain(text);

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'atlas-watch-')));
  save('export const part = "one";');
  const main = join(folder, 'main.mjs');
  writeFileSync(main, 'import { part } from "./part.mjs"; console.log(`with ${part}`); setInterval(() => {}, 1000);');
  const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
  watching = spawn(process.execPath, [WATCH, main], { stdio, cwd: folder, detached: true });
  for (const stream of [watching.stdout, watching.stderr])
    stream?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
});
afterAll(() => {
  if (watching.pid !== undefined && watching.exitCode === null) killGroup(watching.pid);
  rmSync(folder, { recursive: true, force: true });
});

it('a program starts again each time that one of its files is replaced, also after a syntax error', async () => {
  await says('with one');
  save('export const part = "two";');
  await says('with two');
  expect(printed).toContain('part.mjs was saved: starting again');
  save('export const part = {{{;');
  await says('starts again when one of its files is saved');
  save('export const part = "three";');
  await says('with three');
  const ended = once(watching, 'exit');
  watching.kill('SIGTERM');
  await ended;
  expect(watching.signalCode).toBeNull();
}, 60_000);
