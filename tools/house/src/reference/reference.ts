import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cliPage } from './cliPage.ts';
import { diagnosticsPage } from './diagnosticsPage.ts';

const PAGES: Readonly<Record<string, () => string>> = { 'cli.md': cliPage, 'diagnostics.md': diagnosticsPage };

/** Writes docs/reference/{cli,diagnostics}.md from the program itself, or with `check` says which is out of date (100). */
export function reference(root: string, check: boolean, say: (text: string) => void = console.log): number {
  let stale = false;
  for (const [name, page] of Object.entries(PAGES)) {
    const file = join(root, 'docs/reference', name);
    const text = page();
    if (text === current(file)) continue;
    stale = true;
    if (check) say(`docs/reference/${name} is not what atlas says of itself: run make generate`);
    else writeFileSync(file, text);
  }
  return check && stale ? 100 : 0;
}

function current(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
