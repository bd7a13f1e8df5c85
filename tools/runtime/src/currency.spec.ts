import { expect, it } from 'vitest';
import { exponentOf } from './currency.ts';

it.each([
  ['EUR', 2],
  ['JPY', 0],
  ['KWD', 3],
  ['CLF', 4],
  ['XTS', undefined],
  ['', undefined],
])('the currency %j has %s digits', (code, digits) => {
  expect(exponentOf(code)).toBe(digits);
});
