import { readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isSkipped, schemaFolders } from '../load/schemaFolders.ts';
import { sha256 } from '../write/manifest.ts';

/**
 * A new schema file may define a name that was missing, so not only the texts of the files count, but also their list.
 */
export function knowsAvro(root: string, inputs: readonly string[]): boolean {
  const known = new Set(inputs);
  return schemaFolders(inputs).every(({ folder, deep }) =>
    filesBelow(join(root, folder), deep)
      .filter((path) => path.endsWith('.avsc'))
      .every((path) => known.has(relative(root, path).split(sep).join('/'))),
  );
}

/** Sizes and times of the toolkit's own files: it runs from source, so a changed template must count. */
export function toolkitFingerprint(): string {
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

/** A file for what a run notes about a configuration, outside of the repository's history. */
export function notePath(config: string, extension: string): string {
  const name = `${sha256(config).slice(0, 16)}.${extension}`;
  return fileURLToPath(new URL(`../../node_modules/.cache/atlas/${name}`, import.meta.url));
}
