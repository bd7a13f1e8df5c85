import { expect, it } from 'vitest';
import { table } from './table.ts';

it('a table aligns its columns and has no spaces at the end of a line', () => {
  expect(
    table([
      ['A', 'LONG', 'C'],
      ['one', 'x', ''],
    ]),
  ).toBe('  A    LONG  C\n  one  x');
});
