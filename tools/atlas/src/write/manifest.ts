import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRecord } from '@atlas/ir';

/** Name of the manifest in the output folder. */
export const MANIFEST = 'manifest.json';

/** What atlas wrote, and from which inputs. The next run compares with it. */
export interface Manifest {
  readonly version: 1;
  /** Version of the toolkit that wrote it. */
  readonly toolkit: string;
  /** SHA-256 of every file that was read, by path relative to the configuration's folder. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Files by path relative to the output folder. */
  readonly files: Readonly<Record<string, ManifestFile>>;
}

export interface ManifestFile {
  readonly sha256: string;
  /** The spec and JSON pointer that it comes from. */
  readonly source: string;
  /** Present if the text is slow to generate: equal recipes give equal texts. */
  readonly recipe?: string;
}

/** The JSON text, sorted, so that two branches conflict only in the lines that differ. */
export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify({ ...manifest, inputs: sorted(manifest.inputs), files: sorted(manifest.files) }, null, 2)}\n`;
}

export type ManifestRead = { readonly manifest: Manifest | undefined } | { readonly problem: string };

/** The manifest of an output folder; undefined if there is none yet. Nothing in the file is trusted. */
export async function readManifest(out: string): Promise<ManifestRead> {
  const text = await readFile(join(out, MANIFEST), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    if (error.code === 'EISDIR') return '';
    throw error;
  });
  if (text === undefined) return { manifest: undefined };
  try {
    const value: unknown = JSON.parse(text);
    return isManifest(value) ? { manifest: value } : { problem: 'the content is not a manifest' };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function isManifest(value: unknown): value is Manifest {
  return (
    isRecord(value) &&
    value['version'] === 1 &&
    typeof value['toolkit'] === 'string' &&
    isRecord(value['inputs']) &&
    Object.values(value['inputs']).every((hash) => typeof hash === 'string') &&
    isRecord(value['files']) &&
    Object.entries(value['files']).every(([path, file]) => isSafePath(path) && isManifestFile(file))
  );
}

function isManifestFile(value: unknown): value is ManifestFile {
  return (
    isRecord(value) &&
    typeof value['sha256'] === 'string' &&
    typeof value['source'] === 'string' &&
    (value['recipe'] === undefined || typeof value['recipe'] === 'string')
  );
}

function sorted<Value>(record: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(record).toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

/** Whether a path is relative and stays below its folder, as `a/b.ts`. Paths come from specs and from the manifest. */
export function isSafePath(path: string): boolean {
  return (
    path.length > 0 &&
    path.length < 1000 &&
    !/[\\:\u0000-\u001f]/.test(path) &&
    path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  );
}

/** SHA-256 of a text (UTF-8) or bytes, in hex. */
export function sha256(content: string | Uint8Array): string {
  return hash('sha256', content, 'hex');
}
