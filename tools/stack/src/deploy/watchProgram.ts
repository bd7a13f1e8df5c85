import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FSWatcher, watch } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Runs a program, and again whenever a file that it has loaded is saved: `node watchProgram.ts <program>`. Node's own
 * `--watch` does not suffice, because on Linux it watches files and not their names: once an editor, git or Atlas has
 * replaced a file, it misses all later changes of that file. Installed packages are left out, because clones on one
 * machine share their files as hard links, so installing packages in one clone changes these files in all others.
 */
const [program = ''] = process.argv.slice(2);

/** Several files are often saved at once, as by `atlas generate`. */
const QUIET_MS = 200;
/** The messages with which Node says what a program has loaded. */
const LISTS = ['watch:import', 'watch:require'];

/** The files of all runs, because one with a syntax error does not load all of them. */
const files = new Set([program]);
const folders = new Map<string, FSWatcher>();
let timer: NodeJS.Timeout | undefined;
let isEnding = false;
let child = start();
let restarts = Promise.resolve();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end(signal));

function start(): ChildProcess {
  // anew, because a folder may have been replaced
  for (const folder of new Set([...files].map(dirname))) watchFolder(folder);
  const env = { ...process.env, WATCH_REPORT_DEPENDENCIES: '1' };
  const started = spawn(process.execPath, [program], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env });
  started.on('message', note);
  started.once('exit', () => {
    if (!isEnding && !started.killed) console.log('it has ended, and starts again when one of its files is saved');
  });
  return started;
}

function note(message: unknown): void {
  if (typeof message !== 'object' || message === null) return;
  for (const [key, loaded] of Object.entries(message))
    if (LISTS.includes(key) && Array.isArray(loaded)) for (const one of loaded) noteFile(String(one));
}

function noteFile(loaded: string): void {
  if (loaded.includes('/node_modules/') || /^(?!file:)[a-z]+:/.test(loaded)) return;
  const file = loaded.startsWith('file:') ? fileURLToPath(loaded) : loaded;
  files.add(file);
  if (!folders.has(dirname(file))) watchFolder(dirname(file));
}

function watchFolder(folder: string): void {
  folders.get(folder)?.close();
  folders.delete(folder);
  try {
    const watcher = watch(folder, (_, name) => {
      if (name !== null && files.has(join(folder, name))) changed(join(folder, name));
    });
    // It is deleted. If it comes back, the next start watches it again.
    watcher.on('error', () => folders.delete(folder));
    folders.set(folder, watcher);
  } catch {
    // it is deleted, too
  }
}

function changed(file: string): void {
  if (isEnding) return;
  clearTimeout(timer);
  timer = setTimeout(() => void (restarts = restarts.then(() => restart(file))), QUIET_MS);
}

async function restart(file: string): Promise<void> {
  if (isEnding) return;
  console.log(`${relative(process.cwd(), file)} was saved: starting again`);
  await stopChild('SIGTERM');
  child = start();
}

async function stopChild(signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

async function end(signal: NodeJS.Signals): Promise<void> {
  isEnding = true;
  clearTimeout(timer);
  await restarts;
  await stopChild(signal);
  process.exit(child.exitCode ?? 0);
}
