import { join, posix } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { EmittedFile } from '../emit/emit.ts';
import { type Change, type Comparison, apply, compare, interrupted, removeStale } from './outputFolder.ts';
import { driftFindings, editFindings } from './findings.ts';
import { MANIFEST, manifestText, sha256, type Manifest, type ManifestFile } from './manifest.ts';
import { obstacles } from './obstacles.ts';
import { strays } from './strays.ts';

export interface WriteOptions {
  /** Absolute folder of the configuration. */
  readonly root: string;
  /** The output folder, relative to `root`. */
  readonly out: string;
  /** Version of the toolkit. */
  readonly toolkit: string;
  /** Text of every file that was read, by path relative to `root`. */
  readonly inputs: ReadonlyMap<string, string>;
  readonly manifest: Manifest | undefined;
  /** `write` changes the disk, `check` reports drift, `dry-run` neither. */
  readonly mode: 'write' | 'check' | 'dry-run';
  /** Whether to overwrite files that were edited by hand. */
  readonly force?: boolean;
  /** The only service whose files are written; all services if absent. */
  readonly only?: string | undefined;
}

export interface WriteResult {
  readonly diagnostics: readonly Diagnostic[];
  /** Texts on disk of the files with findings. */
  readonly sources: ReadonlyMap<string, string>;
  /** Paths below the output folder. */
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** Number of all files, with the manifest. */
  readonly total: number;
}

/** Writes the emitted files to the output folder: all of them or none, and only those that differ. */
export async function write(emitted: readonly EmittedFile[], options: WriteOptions): Promise<WriteResult> {
  const { manifest, mode, only } = options;
  const out = join(options.root, options.out);
  const inScope = (path: string): boolean => only === undefined || path.startsWith(`${only}/`);
  const files = emitted.filter(({ path, service }) => service === undefined || inScope(path));
  const manifests = [...(manifest ? [manifest] : []), ...(await interrupted(out))];
  const known = manifests.flatMap((each) => Object.keys(each.files)).filter(inScope);
  const blocked = await obstacles(options.root, options.out, [...files.map(({ path }) => path), ...known, MANIFEST]);
  if (blocked.length > 0)
    return { diagnostics: blocked, sources: new Map(), changed: [], removed: [], total: files.length + 1 };
  const comparisons = await compare(out, files, manifests, inScope);
  const next = nextManifest(emitted, files, options);
  const manifestNow = await compare(
    out,
    [{ path: MANIFEST, text: next, source: '', service: undefined }],
    [],
    () => false,
  );
  const result = (diagnostics: readonly Diagnostic[]): WriteResult => ({
    diagnostics,
    sources: foundTexts(comparisons, options.out),
    changed: comparisons
      .filter(({ found, wanted }) => wanted !== undefined && found !== wanted)
      .map(({ path }) => path),
    removed: comparisons
      .filter(({ found, wanted }) => wanted === undefined && found !== undefined)
      .map(({ path }) => path),
    total: files.length + 1,
  });
  const stale = comparisons.filter(({ found, wanted }) => wanted !== undefined || found !== undefined);
  if (mode === 'check') {
    const services = new Set(files.flatMap(({ service }) => service ?? []));
    const paths = new Set(comparisons.map(({ path }) => path));
    const drift = [...driftFindings(stale, options.out), ...(await strays(options.root, options.out, services, paths))];
    // If a file is out of date, the manifest is, too, so it is not reported.
    return result(drift.length > 0 ? drift : driftFindings(manifestNow, options.out));
  }
  const edited = options.force === true ? [] : editFindings(comparisons, options.out);
  if (mode === 'dry-run' || edited.length > 0) return result(edited);
  const changes = comparisons
    .filter(({ found, wanted }) => found !== wanted)
    .map(({ path, wanted }): Change => [path, wanted]);
  const manifestDiffers = manifestNow.some(({ found, wanted }) => found !== wanted);
  removeStale(out);
  if (changes.length > 0 || manifestDiffers) apply(out, changes, [MANIFEST, next]);
  return result([]);
}

/** With `only`, other services keep their entries. The inputs are left out, so that the next run checks everything. */
function nextManifest(
  emitted: readonly EmittedFile[],
  written: readonly EmittedFile[],
  { only, manifest, toolkit, inputs }: WriteOptions,
): string {
  const kept =
    only === undefined ? [] : Object.entries(manifest?.files ?? {}).filter(([path]) => !path.startsWith(`${only}/`));
  const entries = written.map(({ path, text, source, recipe }): [string, ManifestFile] => [
    path,
    { sha256: sha256(text), source, ...(recipe === undefined ? {} : { recipe }) },
  ]);
  const complete = only === undefined || emitted.length === written.length;
  return manifestText({
    version: 1,
    toolkit,
    inputs: complete ? Object.fromEntries([...inputs].map(([file, text]) => [file, sha256(text)])) : {},
    files: Object.fromEntries([...kept, ...entries]),
  });
}

function foundTexts(comparisons: readonly Comparison[], out: string): ReadonlyMap<string, string> {
  return new Map(
    comparisons.flatMap(({ path, found, wanted }) =>
      found === undefined || found === wanted ? [] : [[posix.join(out, path), found]],
    ),
  );
}
