import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { comparedLimits, limits } from './limits.ts';

const repository = new URL('../../../../', import.meta.url);
const page = readFileSync(new URL('docs/reference/limits.md', repository), 'utf8');
const rows = page
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, , value]) => /^\d+$/.test(value ?? ''));

/** The file that a row names. `the same file` is that of the row above. */
const files: string[] = [];
for (const [, , , , raise = ''] of rows) files.push(/`(tools\/\S+\.ts)`/.exec(raise)?.[1] ?? files.at(-1) ?? '');

describe('the page of limits', () => {
  it('has every limit of reading', () => {
    const found = rows.flatMap(([, what = '', value]) => {
      const name = /\(`([\w.]+)`\)/.exec(what)?.[1];
      return name === undefined ? [] : [[name, Number(value)]];
    });
    const ofCompared = Object.entries(comparedLimits).map(([name, value]) => [`comparedLimits.${name}`, value]);
    expect(Object.fromEntries(found)).toEqual({ ...limits, ...Object.fromEntries(ofCompared) });
  });

  it.each(rows.map(([, what = '', value = ''], index) => ({ what, value, file: files[index] ?? '' })))(
    'gives the number that $file has: $what',
    ({ value, file }) => {
      if (file.endsWith('document/limits.ts')) return;
      const source = readFileSync(new URL(file, repository), 'utf8').replaceAll(/(?<=\d)_(?=\d)/g, '');
      expect(source).toMatch(new RegExp(`const [A-Z_]+ = ${value};`));
    },
  );
});
