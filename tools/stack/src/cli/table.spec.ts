import { expect, it } from 'vitest';
import { table } from './table.ts';

it('aligns columns and leaves no blanks at the end', () => {
  expect(
    table([
      ['A', 'LONG', 'C'],
      ['one', 'x', ''],
    ]),
  ).toBe('  A    LONG  C\n  one  x');
});
