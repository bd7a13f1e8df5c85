import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

it('The tables of the README name every export of the package, and nothing else', () => {
  const { exports }: { readonly exports: Readonly<Record<string, string>> } = JSON.parse(read('package.json'));
  const named = [...read('README.md').matchAll(/^\| `@atlas\/runtime(\S*)`/gm)].map(([, path]) => `.${path}`);
  expect([...new Set(named)].toSorted()).toEqual(Object.keys(exports).toSorted());
});
