import { describe, expect, it } from 'vitest';
import { changeSeats } from '../../test/bookings/contract.ts';
import { etagOf, ifMatchOf } from './etag.ts';

const optional = { ...changeSeats, ifMatch: { required: false } };

describe('If-Match', () => {
  it('says a version as the ETag did', () => {
    expect(ifMatchOf(changeSeats, etagOf(7n))).toBe(7n);
    expect(ifMatchOf(changeSeats, ' "9007199254740993" ')).toBe(9_007_199_254_740_993n);
  });

  it.each([
    [undefined, 428],
    ['"seven"', 412],
    ['"0"', 412],
    ['"07"', 412],
    ['"9223372036854775808"', 412],
    ['W/"7"', 412],
    ['*', 400],
    ['"7", "8"', 400],
    ['7', 400],
  ])('%s is refused with %i', (header, status) => {
    expect(() => ifMatchOf(changeSeats, header)).toThrow(expect.objectContaining({ status }));
  });

  it('may be missing where it is optional, and is not looked at where it is not declared', () => {
    expect(ifMatchOf(optional, undefined)).toBeUndefined();
    const { ifMatch: _none, ...without } = optional;
    expect(ifMatchOf(without, '7')).toBeUndefined();
  });
});
