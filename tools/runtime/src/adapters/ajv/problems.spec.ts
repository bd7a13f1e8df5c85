import { expect, it } from 'vitest';
import { joinErrors, type SchemaError } from './problems.ts';

const errors = (count: number): SchemaError[] =>
  Array.from({ length: count }, () => ({ instancePath: '', keyword: 'type', params: {} }));

it('joined errors go into the given list, up to a maximum', () => {
  const whole = errors(2);
  expect(joinErrors(null, whole)).toBe(whole);
  expect(joinErrors(whole, errors(3))).toBe(whole);
  expect(whole).toHaveLength(5);
  expect(joinErrors(whole, errors(1000))).toHaveLength(50);
});
