import { describe, expect, it } from 'vitest';
import { changeSeats } from '../../test/bookings/contract.ts';
import { etagOf, ifMatchOf } from './etag.ts';

const optional = { ...changeSeats, ifMatch: { required: false } };

describe('If-Match', () => {
  it('has the version of an ETag', () => {
    expect(ifMatchOf(changeSeats, etagOf(7n))).toBe(7n);
    expect(ifMatchOf(changeSeats, ' "9007199254740993" ')).toBe(9_007_199_254_740_993n);
  });

  it.each([
    [undefined, 'if-match-missing'],
    ['"seven"', 'version-conflict'],
    ['"0"', 'version-conflict'],
    ['"07"', 'version-conflict'],
    ['"9223372036854775808"', 'version-conflict'],
    ['W/"7"', 'version-conflict'],
    ['*', 'validation-failed'],
    ['"7", "8"', 'validation-failed'],
    ['7', 'validation-failed'],
  ])('%s is refused as %s', (header, code) => {
    expect(() => ifMatchOf(changeSeats, header)).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ code }) }),
    );
  });

  it('may be missing if it is optional, and is ignored if it is not declared', () => {
    expect(ifMatchOf(optional, undefined)).toBeUndefined();
    expect(ifMatchOf(optional, ' * ')).toBeUndefined();
    const { ifMatch: _none, ...without } = optional;
    expect(ifMatchOf(without, '7')).toBeUndefined();
  });
});
