import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTree } from '../gates/tree.ts';
import { isProgram, unlessUnchanged } from '../run/unlessUnchanged.ts';
import { COMPOSE_FILE, composeFile } from './composeFile.ts';
import { cliPage, diagnosticsPage } from './pages.ts';
import { systemPage } from './systemPage.ts';

/** Pages by their file, relative to the root, each with the function that writes it. */
type Pages = Readonly<Record<string, () => string>>;

const PAGES: Pages = {
  'docs/reference/cli.md': cliPage,
  'docs/reference/diagnostics.md': diagnosticsPage,
  'docs/reference/system.md': systemPage,
  [COMPOSE_FILE]: composeFile,
};

/**
 * Writes docs/reference/{cli,diagnostics,system}.md and docker-compose.yml from the program and the specs, either all
 * of them or none.
 */
export function writeReference(root: string, pages: Pages = PAGES): void {
  const texts = Object.entries(pages).map(([file, page]) => [join(root, file), page()] as const);
  for (const [file, text] of texts) writeFileSync(file, text);
}

/** Says which of the pages are out of date, and returns 100 if one is. Writes none of them. */
export async function checkReference(
  root: string,
  pages: Pages = PAGES,
  say: (text: string) => void = console.log,
): Promise<number> {
  const isInput = (file: string): boolean =>
    isProgram(file) ||
    file === 'generated/catalog.json' ||
    file in pages ||
    /^services\/[^/]+\/src\/main\.ts$/.test(file) ||
    file.startsWith('tools/house/src/reference/');
  const compare = (): number => {
    const stale = Object.entries(pages).filter(([file, page]) => page() !== textOf(join(root, file)));
    for (const [file] of stale) say(`${file} is out of date: run make generate`);
    return stale.length > 0 ? 100 : 0;
  };
  return unlessUnchanged({ root, name: 'reference', tree: readTree(root), isInput }, compare, say);
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
