import { expect, it } from 'vitest';
import { joinErrors, type SchemaError } from './problems.ts';

const errors = (count: number): SchemaError[] =>
  Array.from({ length: count }, () => ({ instancePath: '', keyword: 'type', params: {} }));

it('joined errors go into the given list', () => {
  const whole = errors(2);
  expect(joinErrors(null, whole)).toBe(whole);
  expect(joinErrors(whole, null)).toBe(whole);
  expect(joinErrors(whole, errors(3))).toBe(whole);
  expect(whole).toHaveLength(5);
});
