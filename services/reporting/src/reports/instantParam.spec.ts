import { describe, expect, it } from 'vitest';
import { instantParam } from './instantParam.ts';

describe('a date-time of a query', () => {
  it.each([
    ['2026-11-01T10:00:00Z', '2026-11-01T10:00:00.000000Z'],
    ['2026-11-01t10:00:00z', '2026-11-01T10:00:00.000000Z'],
    ['2026-11-01T10:00:00.1234567Z', '2026-11-01T10:00:00.123456Z'],
    ['2026-11-01T10:00:00.5+23:59', '2026-10-31T10:01:00.500000Z'],
    ['0000-12-31T23:59:59-00:01', '0001-01-01T00:00:59.000000Z'],
    ['0000-12-31T23:59:59Z', undefined],
    ['2016-12-31T23:59:60Z', undefined],
    ['9999-12-31T23:59:59-00:01', undefined],
  ])('%s is %s for the database', (text, instant) => {
    expect(instantParam(text)).toBe(instant);
  });
});
