import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { isRecord } from '@atlas/ir';
import { MANIFEST, sha256 } from '../write/manifest.ts';
import { findConfig } from './findConfig.ts';
import { knowsAvro, notePath, toolkitFingerprint } from './notes.ts';

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
    const stamp: unknown = JSON.parse(readFileSync(notePath(config, 'json'), 'utf8'));
    if (!isStamp(stamp)) return undefined;
    const text = readFileSync(join(stamp.out, MANIFEST));
    if (sha256(text) !== stamp.manifest) return undefined;
    const manifest: unknown = JSON.parse(text.toString('utf8'));
    if (!isRecord(manifest) || !isRecord(manifest['inputs']) || !isRecord(manifest['files'])) return undefined;
    const { inputs, files } = manifest;
    const root = dirname(config);
    if (!same(root, inputs, String) || Object.keys(inputs).length === 0 || !knowsAvro(root, Object.keys(inputs)))
      return undefined;
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
    mkdirSync(dirname(notePath(config, 'json')), { recursive: true });
    writeFileSync(notePath(config, 'json'), JSON.stringify(stamp));
  } catch {
    // A read-only installation.
  }
}

function same(folder: string, entries: Readonly<Record<string, unknown>>, hashOf: (entry: unknown) => string): boolean {
  return Object.entries(entries).every(([path, entry]) => sha256(readFileSync(join(folder, path))) === hashOf(entry));
}

function isStamp(value: unknown): value is Stamp {
  return (
    isRecord(value) &&
    typeof value['out'] === 'string' &&
    typeof value['toolkit'] === 'string' &&
    typeof value['manifest'] === 'string'
  );
}
