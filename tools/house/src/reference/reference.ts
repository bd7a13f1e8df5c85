import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTree } from '../gates/tree.ts';
import { isProgram, unlessUnchanged } from '../run/unlessUnchanged.ts';
import { cliPage, diagnosticsPage } from './pages.ts';
import { systemPage } from './systemPage.ts';

const FOLDER = 'docs/reference';

/** Pages by file name, each with the function that writes it. */
type Pages = Readonly<Record<string, () => string>>;

const PAGES: Pages = { 'cli.md': cliPage, 'diagnostics.md': diagnosticsPage, 'system.md': systemPage };

/** Writes docs/reference/{cli,diagnostics,system}.md from what the program and the specs say. */
export function writeReference(root: string, pages: Pages = PAGES): void {
  for (const [name, page] of Object.entries(pages)) writeFileSync(join(root, FOLDER, name), page());
}

/** Says which of the pages are out of date and gives 100 if one is. Writes none of them. */
export async function checkReference(
  root: string,
  pages: Pages = PAGES,
  say: (text: string) => void = console.log,
): Promise<number> {
  const isInput = (file: string): boolean =>
    isProgram(file) ||
    file === 'generated/catalog.json' ||
    file.startsWith(`${FOLDER}/`) ||
    file.startsWith('tools/house/src/reference/');
  const compare = (): number => {
    const stale = Object.entries(pages).filter(([name, page]) => page() !== textOf(join(root, FOLDER, name)));
    for (const [name] of stale) say(`${FOLDER}/${name} is out of date: run make generate`);
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
