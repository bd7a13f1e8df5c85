import { posix } from 'node:path';
import type { Gate, Tree } from './gate.ts';
import { isSource } from './tree.ts';

const LIMIT = 25;

/** Files that have a reason to be small and have one importer. */
const ALONE: readonly RegExp[] = [
  /\/check\/rules\//, // one rule per file
  /^templates\/.*File\.ts$/, // one kind of generated file
  /\/codes\.ts$/, // the diagnostic codes of a stage
  /\/formats\//, // one output format per file
  /^services\/[^/]+\/src\/app\//, // named after its operation or event
];

/**
 * A file under 25 lines with one importer lives with that importer, wherever it is, because the two are always read
 * together. It stays a file of its own if a test imports it, if `import()` loads it late, or if an index.ts or the
 * `exports` of a package.json offers it to others.
 */
export const smallFiles: Gate = {
  name: 'small files',
  run: (tree) => {
    const sources = tree.files.filter((file) => isSource(file) && !file.endsWith('.sh'));
    const importers = importersOf(tree, sources);
    const exported = exportedBy(tree);
    const findings = sources
      .filter((file) => !isTest(file) && !isIndex(file) && !exported.has(file))
      .filter((file) => !ALONE.some((pattern) => pattern.test(file)))
      .flatMap((file) => {
        const [importer, ...others] = importers.get(file) ?? [];
        const lines = tree.read(file).trimEnd().split('\n').length;
        if (lines >= LIMIT || importer === undefined || others.length > 0) return [];
        if (isTest(importer) || isIndex(importer)) return [];
        return [{ file, message: `${lines} lines, and only ${importer} imports it: move it there` }];
      });
    return { findings };
  },
};

/** The files that import each file by a relative path. An `import()` counts twice, so that its file is not reported. */
function importersOf({ read }: Tree, sources: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const importers = new Map<string, string[]>();
  for (const importer of sources) {
    for (const [, late, path = ''] of read(importer).matchAll(/(?:\bfrom|\bimport)\s*(\(\s*)?'(\.[^']+)'/g)) {
      const file = posix.join(posix.dirname(importer), path);
      const known = importers.get(file) ?? [];
      importers.set(file, [...known, ...(late === undefined ? [importer] : [importer, importer])]);
    }
  }
  return importers;
}

/** The files that packages offer by name. */
function exportedBy({ files, read }: Tree): ReadonlySet<string> {
  return new Set(
    files
      .filter((file) => posix.basename(file) === 'package.json')
      .flatMap((file) =>
        [...read(file).matchAll(/"(\.\/[^"]+\.ts)"/g)].map(([, path = '']) => posix.join(posix.dirname(file), path)),
      ),
  );
}

function isIndex(file: string): boolean {
  return posix.basename(file) === 'index.ts';
}

function isTest(file: string): boolean {
  return /\.spec\.ts$|(^|\/)test\//.test(file);
}
