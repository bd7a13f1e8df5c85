import { describe, expect, it } from 'vitest';
import { dayOf, monthAfter, openMonth } from './calendar.ts';

describe('the month that a journal is posted into', () => {
  it.each([
    ['2026-11-24', '0000-12', '2026-11'],
    ['2026-11-24', '2026-10', '2026-11'],
    ['2026-10-31', '2026-10', '2026-11'],
    ['2026-02-01', '2026-12', '2027-01'],
  ])('is for %s, with %s closed: %s', (day, closed, month) => {
    expect(openMonth(day, closed)).toBe(month);
  });
});

describe('a day', () => {
  it('ends at midnight in UTC', () => {
    expect(dayOf(new Date('2026-11-24T23:59:59.999Z'))).toBe('2026-11-24');
    expect(dayOf(new Date('2026-11-25T00:00:00.000+01:00'))).toBe('2026-11-24');
  });
});

describe('a month', () => {
  it.each([
    ['2026-09', '2026-10'],
    ['2026-12', '2027-01'],
    ['0000-12', '0001-01'],
  ])('%s is followed by %s', (month, next) => {
    expect(monthAfter(month)).toBe(next);
  });
});
