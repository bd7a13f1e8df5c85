import { createHash } from 'node:crypto';
import { type FSWatcher, readdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { isRecord, parseJson } from '../json.ts';

/** Editors write a file in several steps, and several files are often saved at once. */
const QUIET_MS = 200;

/**
 * Says which specs are newer than the generated code of a repository: now if there are any, and again whenever that
 * changes because a spec is saved or code is generated. An empty list means that nothing needs to be generated. The
 * manifest of the generated code has the digests of the specs from which it was made. Close it to stop watching.
 */
export function watchSpecs(root: string, say: (newer: readonly string[]) => void): { close(): void } {
  const folders = { specs: join(root, 'specs'), generated: join(root, 'generated') };
  let said = '';
  let timer: NodeJS.Timeout | undefined;
  let watchers: readonly FSWatcher[] = [];
  const close = (): void => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(look, QUIET_MS);
  };
  const look = (): void => {
    close();
    // Anew, because a folder may have been added or replaced. Before the files are read, so that no change is missed.
    watchers = [...foldersBelow(folders.specs), folders.generated].flatMap((folder) => watching(folder, changed));
    const newer = newerIn(folders);
    const now = newer.join('\n');
    if (now === said) return;
    said = now;
    say(newer.map(([file]) => file));
  };
  look();
  return { close };
}

/** The specs that differ from those of the manifest, each with its digest, so that each save of a file differs. */
function newerIn({
  specs,
  generated,
}: {
  readonly specs: string;
  readonly generated: string;
}): readonly (readonly [file: string, digest: string])[] {
  const manifest = parseJson(textOf(join(generated, 'manifest.json')) ?? '');
  const inputs = isRecord(manifest) && isRecord(manifest['inputs']) ? Object.entries(manifest['inputs']) : [];
  return inputs.flatMap(([file, made]) => {
    const text = textOf(join(specs, file));
    const digest = text === undefined ? 'deleted' : createHash('sha256').update(text).digest('hex');
    return digest === made ? [] : [[file, digest] as const];
  });
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // it is deleted, or is being replaced
    return undefined;
  }
}

function foldersBelow(folder: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return [
      folder,
      ...entries.filter((one) => one.isDirectory()).map(({ parentPath, name }) => join(parentPath, name)),
    ];
  } catch {
    // there are no specs, or a folder is being replaced
    return [folder];
  }
}

/** One watcher per folder, because on Linux Node's own recursive watch misses changes of files that were replaced. */
function watching(folder: string, changed: () => void): readonly FSWatcher[] {
  try {
    // The folder may be deleted; the watcher of its parent reports that.
    return [watch(folder, changed).on('error', () => undefined)];
  } catch {
    // it is deleted already
    return [];
  }
}
