import { expect, it } from 'vitest';
import { fullJitter } from './fullJitter.ts';

it('full jitter is a random wait below a bound that doubles up to the cap', () => {
  const most = (attempt: number) => fullJitter(attempt, { baseMs: 200, capMs: 1_000 }, () => 0.999_999);
  expect([1, 2, 3, 4, 60].map(most)).toEqual([199, 399, 799, 999, 999]);
  expect(fullJitter(3, { baseMs: 200, capMs: 1_000 }, () => 0)).toBe(0);
});
