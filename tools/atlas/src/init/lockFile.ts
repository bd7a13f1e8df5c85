import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { isRecord } from '@atlas/ir';
import { parse } from 'yaml';

export const LOCK_FILE = 'pnpm-lock.yaml';

/** What pnpm-lock.yaml says about the workspace. */
export interface Workspaces {
  readonly text: string;
  /** Folders of the packages that a service needs, relative to the repository. */
  readonly runtime: string;
  readonly stack: string;
  /** The runtime's slonik: the version in its package.json, and the resolved version. */
  readonly slonik: { readonly specifier: string; readonly version: string };
}

/** Reads the lock file at `root`. A returned text says what is missing. */
export async function readLockFile(root: string): Promise<Workspaces | string> {
  const text = await readFile(join(root, LOCK_FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return 'the file does not exist';
  const lock = parsed(text);
  const importers = isRecord(lock) ? lock['importers'] : undefined;
  if (!isRecord(importers)) return 'it has no importers, as pnpm writes them';
  const folders = new Map<string, string>();
  for (const folder of Object.keys(importers)) folders.set(await nameOf(join(root, folder)), folder);
  const runtime = folders.get('@atlas/runtime');
  const stack = folders.get('@atlas/stack');
  if (runtime === undefined) return 'no package of the workspace is @atlas/runtime';
  if (stack === undefined) return 'no package of the workspace is @atlas/stack';
  const slonik = at(importers[runtime], 'dependencies', 'slonik');
  const specifier = at(slonik, 'specifier');
  const version = at(slonik, 'version');
  if (typeof specifier !== 'string' || typeof version !== 'string') return '@atlas/runtime has no slonik';
  return { text, runtime, stack, slonik: { specifier, version } };
}

function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((found, key) => (isRecord(found) ? found[key] : undefined), value);
}

/** The name in a package.json; empty if there is none. */
async function nameOf(folder: string): Promise<string> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '');
  const name = at(parsed(text), 'name');
  return typeof name === 'string' ? name : '';
}

/** A package of the workspace to add: its folder, and what it depends on. */
export interface NewPackage {
  readonly folder: string;
  readonly dependencies: readonly Dependency[];
  readonly devDependencies: readonly Dependency[];
}
/** The folder of a package of the workspace, or else a version. */
export type Dependency = readonly [
  name: string,
  what: string | { readonly specifier: string; readonly version: string },
];

/** The lock file with more packages, as pnpm would write it. Everything that they depend on must be in it already. */
export function withPackages({ text }: Workspaces, packages: readonly NewPackage[]): string {
  return packages.reduce<readonly string[]>((lines, added) => withPackage(lines, added), text.split('\n')).join('\n');
}

function withPackage(lines: readonly string[], added: NewPackage): readonly string[] {
  const start = lines.indexOf('importers:');
  const end = lines.findIndex((line, index) => index > start && /^\S/.test(line));
  const next = lines.findIndex(
    (line, index) => index > start && index < end && (/^  (\S+?):/.exec(line)?.[1] ?? '') > added.folder,
  );
  return lines.toSpliced(next === -1 ? end : next, 0, ...block(added));
}

function block({ folder, dependencies, devDependencies }: NewPackage): readonly string[] {
  const group = (name: string, list: readonly Dependency[]): readonly string[] =>
    list.length === 0 ? [] : [`    ${name}:`, ...list.flatMap((each) => entry(folder, each))];
  return [`  ${folder}:`, ...group('dependencies', dependencies), ...group('devDependencies', devDependencies), ''];
}

function entry(folder: string, [name, what]: Dependency): readonly string[] {
  const { specifier, version } =
    typeof what === 'string' ? { specifier: 'workspace:*', version: `link:${posix.relative(folder, what)}` } : what;
  const key = name.startsWith('@') ? `'${name}'` : name;
  return [`      ${key}:`, `        specifier: ${specifier}`, `        version: ${version}`];
}
