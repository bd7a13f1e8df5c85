import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { cp, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cases = fileURLToPath(new URL('../cases/', import.meta.url));

/** The folders of all cases by name. There is one folder per area: `openapi`, `asyncapi`, `avro` and so on. */
const folders: ReadonlyMap<string, string> = new Map(
  readdirSync(cases).flatMap((area) => readdirSync(join(cases, area)).map((name) => [name, join(cases, area, name)])),
);

export const caseNames: readonly string[] = [...folders.keys()].toSorted();

/** The cases of one area. */
export function areaNames(area: string): readonly string[] {
  return readdirSync(join(cases, area)).toSorted();
}

/** The folder of a case. Throws if no area has it. */
export function caseFolder(name: string): string {
  const folder = folders.get(name);
  if (folder === undefined) throw new Error(`there is no case ${name}`);
  return folder;
}

const atlas = fileURLToPath(new URL('../../bin/atlas.js', import.meta.url));

/**
 * The content of a case's exec.json. The folder also has `specs/`, and it may have `overlay/`, which is copied over the
 * repository after `before`, and `stderr.txt`, `stdout.txt` and `expected/`, which are compared byte by byte. A missing
 * one stands for an empty one.
 */
export interface CaseRun {
  readonly args: readonly string[];
  readonly exit: number;
  /** Command lines that run first and must succeed. */
  readonly before: readonly (readonly string[])[];
  /** Files to remove after `before`. */
  readonly remove: readonly string[];
}

export interface Finished {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Reads exec.json. Throws if it has something unexpected. */
export async function readCase(name: string): Promise<CaseRun> {
  const value: unknown = JSON.parse(await readFile(join(caseFolder(name), 'exec.json'), 'utf8'));
  if (typeof value !== 'object' || value === null || !('args' in value) || !('exit' in value))
    throw new Error(`${name}: exec.json needs args and exit`);
  if (typeof value.exit !== 'number') throw new Error(`${name}: exit is not a number`);
  const before = 'before' in value && Array.isArray(value.before) ? value.before : [];
  return {
    args: strings(value.args),
    exit: value.exit,
    before: before.map(strings),
    remove: 'remove' in value ? strings(value.remove) : [],
  };
}

function strings(value: unknown): readonly string[] {
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) throw new Error('no list of strings');
  return value;
}

/** Copies the specs of a case, and the named `parts`, to a temporary folder. */
export async function copyCase(name: string, ...parts: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `atlas-${name}-`));
  for (const part of ['specs', ...parts])
    await cp(join(caseFolder(name), part), join(folder, part), { recursive: true });
  return folder;
}

let running = 0;
const waiting: (() => void)[] = [];

/** Runs the command line as users do: in a process of its own, in the repository's folder. At most two at a time. */
export async function runAtlas(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  if (running >= 2) await new Promise<void>((resolve) => waiting.push(resolve));
  running++;
  try {
    return await spawned(folder, args, env);
  } finally {
    running--;
    waiting.shift()?.();
  }
}

function spawned(folder: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [atlas, ...args], {
      cwd: folder,
      env: { ...process.env, NO_COLOR: '1', ...env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', reject);
    child.once('close', (exit) => resolve(finished({ exit, stdout, stderr })));
  });
}

/** The output without the parts that differ between machines. */
export function finished({ exit, stdout, stderr }: Finished): Finished {
  return { exit, stdout, stderr: withoutProgress(withoutTimes(stderr)) };
}

function withoutTimes(text: string): string {
  return text.replaceAll(/ · \d+ ms$/gm, ' · # ms');
}

/** Progress appears only if the work takes longer than a second. */
function withoutProgress(text: string): string {
  return text.replaceAll(/^ {2}\S.* \.\.\.\n/gm, '');
}

/** Every file below a folder, by relative path. Empty if there is no folder. */
export async function readTree(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(
    files
      .toSorted()
      .map(async (file): Promise<[string, string]> => [file.slice(folder.length + 1), await readFile(file, 'utf8')]),
  );
  return new Map(texts);
}

export async function exists(path: string): Promise<boolean> {
  return readdir(join(path, '..')).then(
    (names) => names.includes(path.split('/').at(-1) ?? ''),
    () => false,
  );
}

/** Replaces the content of a folder. */
export async function writeTree(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await cp(from, to, { recursive: true });
}
