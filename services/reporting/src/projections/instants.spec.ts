import { describe, expect, it } from 'vitest';
import { dateOf, dayOf, instantOf } from './instants.ts';

describe('an instant', () => {
  it.each([
    [1_767_605_400_123_999n, '2026-01-05T09:30:00.123Z'],
    [new Date('2026-01-05T23:59:59.999Z'), '2026-01-05T23:59:59.999Z'],
    [2n ** 63n - 1n, '9999-12-31T23:59:59.999Z'],
    [-(2n ** 63n), '0001-01-01T00:00:00.000Z'],
    [new Date(8.64e15), '9999-12-31T23:59:59.999Z'],
  ])('that an event has as %s is stored as %s', (value, stored) => {
    expect(instantOf(value).toISOString()).toBe(stored);
    expect(dayOf(value)).toBe(stored.slice(0, 10));
  });
});

describe('a date', () => {
  it.each([
    ['2026-02-04', '2026-02-04'],
    ['0000-01-01', '0001-01-01'],
    ['+010000-01-01', '9999-12-31'],
    ['-000001-12-31', '0001-01-01'],
  ])('that an event has as %s is stored as %s', (text, stored) => {
    expect(dateOf(text)).toBe(stored);
  });
});
