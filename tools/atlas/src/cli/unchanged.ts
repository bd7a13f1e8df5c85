import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRecord } from '@atlas/ir';
import { isSkipped, schemaFolders } from '../load/schemaFolders.ts';
import { MANIFEST, sha256 } from '../write/manifest.ts';
import { findConfig } from './findConfig.ts';

/** What a complete run notes, outside of the repository's history. It is only a hint, because the hashes decide. */
interface Stamp {
  /** An absolute path. */
  readonly out: string;
  /** Fingerprint of the toolkit that ran. */
  readonly toolkit: string;
  /** SHA-256 of the manifest. */
  readonly manifest: string;
}

/**
 * The fast path of `atlas generate`: if nothing changed, prints that and returns true. Otherwise the whole command must
 * run. Loads almost nothing, because a run with nothing to do should cost no more than starting up.
 */
export function generateFast(wanted: string | undefined, cwd: string): boolean {
  const started = performance.now();
  const found = unchanged(wanted, cwd);
  if (!found) return false;
  const out = relative(cwd, found.out).split(sep).join('/') || '.';
  const ms = Math.max(1, Math.round(performance.now() - started));
  const color = process.stderr.isTTY && process.env['NO_COLOR'] === undefined;
  process.stderr.write(
    `${color ? '\u001b[32m✓\u001b[39m' : '✓'} ${out} · ${found.total} files · 0 changed · ${ms} ms\n`,
  );
  return true;
}

/**
 * The output folder and its number of files, if generating would change nothing: the same toolkit, and every input and
 * output still has its hash from the manifest.
 */
function unchanged(
  wanted: string | undefined,
  cwd: string,
): { readonly out: string; readonly total: number } | undefined {
  try {
    const config = findConfig(wanted, cwd);
    const stamp: unknown = JSON.parse(readFileSync(stampPath(config), 'utf8'));
    if (!isStamp(stamp)) return undefined;
    const text = readFileSync(join(stamp.out, MANIFEST));
    if (sha256(text) !== stamp.manifest) return undefined;
    const manifest: unknown = JSON.parse(text.toString('utf8'));
    if (!isRecord(manifest) || !isRecord(manifest['inputs']) || !isRecord(manifest['files'])) return undefined;
    const { inputs, files } = manifest;
    const root = dirname(config);
    if (!same(root, inputs, String) || Object.keys(inputs).length === 0 || !knowsAvro(root, inputs)) return undefined;
    // In this order, because the fingerprint costs most, and a changed spec is the usual reason to generate.
    if (stamp.toolkit !== toolkitFingerprint()) return undefined;
    if (!same(stamp.out, files, (entry) => (isRecord(entry) ? String(entry['sha256']) : ''))) return undefined;
    return { out: stamp.out, total: Object.keys(files).length + 1 };
  } catch {
    return undefined; // The whole command explains better what is wrong.
  }
}

/** Notes a complete run. If that fails, the next run is a complete one. */
export function remember(config: string, out: string): void {
  try {
    const stamp: Stamp = { out, toolkit: toolkitFingerprint(), manifest: sha256(readFileSync(join(out, MANIFEST))) };
    mkdirSync(dirname(stampPath(config)), { recursive: true });
    writeFileSync(stampPath(config), JSON.stringify(stamp));
  } catch {
    // A read-only installation.
  }
}

function same(folder: string, entries: Readonly<Record<string, unknown>>, hashOf: (entry: unknown) => string): boolean {
  return Object.entries(entries).every(([path, entry]) => sha256(readFileSync(join(folder, path))) === hashOf(entry));
}

/**
 * A new schema file may define a name that was missing, so not only the texts of the files count, but also their list.
 */
function knowsAvro(root: string, inputs: Readonly<Record<string, unknown>>): boolean {
  return schemaFolders(Object.keys(inputs)).every(({ folder, deep }) =>
    filesBelow(join(root, folder), deep)
      .filter((path) => path.endsWith('.avsc'))
      .every((path) => Object.hasOwn(inputs, relative(root, path).split(sep).join('/'))),
  );
}

/** Sizes and times of the toolkit's own files: it runs from source, so a changed template must count. */
function toolkitFingerprint(): string {
  const atlas = fileURLToPath(new URL('../../', import.meta.url));
  const templates = dirname(dirname(fileURLToPath(import.meta.resolve('@atlas/templates/http'))));
  const ir = dirname(fileURLToPath(import.meta.resolve('@atlas/ir')));
  const files = [
    join(atlas, 'package.json'),
    ...[join(atlas, 'src'), templates, ir].flatMap((folder) => filesBelow(folder)),
  ];
  const facts = files.map((path) => {
    const { size, mtimeMs } = statSync(path);
    return `${path} ${size} ${mtimeMs}`;
  });
  return sha256(facts.join('\n'));
}

function filesBelow(folder: string, deep = true): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return deep && !isSkipped(entry.name) ? filesBelow(path) : [];
      return entry.name.endsWith('.spec.ts') ? [] : [path];
    });
  } catch {
    return [];
  }
}

function stampPath(config: string): string {
  const name = `${sha256(config).slice(0, 16)}.json`;
  return fileURLToPath(new URL(`../../node_modules/.cache/atlas/${name}`, import.meta.url));
}

function isStamp(value: unknown): value is Stamp {
  return (
    isRecord(value) &&
    typeof value['out'] === 'string' &&
    typeof value['toolkit'] === 'string' &&
    typeof value['manifest'] === 'string'
  );
}
