import { expect, it } from 'vitest';
import type { ProblemError } from '../../contract/handler.ts';
import { joinErrors, problems } from './problems.ts';

const errors = (count: number): ProblemError[] =>
  Array.from({ length: count }, () => ({ pointer: '', detail: 'must be string' }));

it('joined errors go into the given list', () => {
  const whole = errors(2);
  expect(joinErrors(null, whole)).toBe(whole);
  expect(joinErrors(whole, null)).toBe(whole);
  expect(joinErrors(whole, errors(3))).toBe(whole);
  expect(whole).toHaveLength(5);
});

it('an error that several parts of a schema report is reported once', () => {
  const check = Object.assign(() => false, { errors: [...errors(3), { pointer: '/a', detail: 'is required' }] });
  expect(problems(check)(1)).toEqual([...errors(1), { pointer: '/a', detail: 'is required' }]);
});
