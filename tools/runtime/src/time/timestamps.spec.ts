import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateOfMicros, dateOfNanos, microsOf, nanosOf } from './timestamps.ts';

const LAST = 8_640_000_000_000_000;

describe.each([
  { unit: 'microseconds', of: microsOf, dateOf: dateOfMicros, perMilli: 1_000n },
  { unit: 'nanoseconds', of: nanosOf, dateOf: dateOfNanos, perMilli: 1_000_000n },
])('a timestamp in $unit', ({ of, dateOf, perMilli }) => {
  it('gives back the Date from which it was made', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), (date) => {
        expect(dateOf(of(date))).toEqual(date);
      }),
    );
  });

  it('is counted from 1970', () => {
    expect(of(new Date('1970-01-01T00:00:01.002Z'))).toBe(1_002n * perMilli);
    expect(of(new Date('1969-12-31T23:59:59.999Z'))).toBe(-perMilli);
  });

  it('is rounded down to the millisecond, also before 1970', () => {
    expect(dateOf(2n * perMilli - 1n)).toEqual(new Date(1));
    expect(dateOf(-1n)).toEqual(new Date(-1));
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }), (count) => {
        const lost = count - of(dateOf(count));
        expect(lost >= 0n && lost < perMilli).toBe(true);
      }),
    );
  });

  it('is refused if it is beyond the range of Date', () => {
    const last = BigInt(LAST) * perMilli;
    expect(dateOf(last)).toEqual(new Date(LAST));
    expect(dateOf(-last)).toEqual(new Date(-LAST));
    expect(() => dateOf(last + perMilli)).toThrow(`${last + perMilli} is beyond the range of a Date`);
    expect(() => dateOf(-last - 1n)).toThrow('is beyond the range of a Date');
  });

  it('is not made from an invalid Date', () => {
    expect(() => of(new Date('soon'))).toThrow(expect.objectContaining({ code: 'ATLAS_TIMESTAMP' }));
  });
});
