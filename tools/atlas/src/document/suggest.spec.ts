import { expect, it } from 'vitest';
import { suggest } from './suggest.ts';

it('suggests the nearest name, unless it is too different', () => {
  const names = ['string', 'integer', 'object'];
  expect(suggest('sting', names)).toBe('string');
  expect(suggest('stirng', names)).toBe('string');
  expect(suggest('boolean', names)).toBeUndefined();
});
