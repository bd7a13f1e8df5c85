import { describe, expect, it } from 'vitest';
import { changeSeats } from '../../test/bookings/contract.ts';
import { checkIfMatch, etagOf, ifMatchOf, isEntityTag, matchesNone, matchesTag } from './etag.ts';

const optional = { ...changeSeats, ifMatch: { required: false } };

describe('If-Match', () => {
  it('gives the version of an ETag', () => {
    expect(ifMatchOf(changeSeats, etagOf(7n))).toBe(7n);
    expect(ifMatchOf(changeSeats, ' "9007199254740993" ')).toBe(9_007_199_254_740_993n);
    expect(ifMatchOf(changeSeats, '"9223372036854775806"')).toBe(2n ** 63n - 2n);
  });

  it.each([
    [undefined, 'if-match-missing'],
    ['"seven"', 'version-conflict'],
    ['"0"', 'version-conflict'],
    ['"07"', 'version-conflict'],
    ['"9223372036854775807"', 'version-conflict'],
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

describe('If-Match of tags that are not versions', () => {
  const opaque = { ...changeSeats, ifMatch: { required: true, opaque: true } } as const;

  it.each([
    ['*', '*'],
    ['"9f86d081"', ['"9f86d081"']],
    [' "a,b" , W/"c" ,, "7" ', ['"a,b"', '"7"']],
    [', ""', ['""']],
    ['W/"a"', []],
  ])('%s reaches the handler', (header, condition) => expect(ifMatchOf(opaque, header)).toEqual(condition));

  it.each([
    [undefined, 'if-match-missing'],
    ['', 'validation-failed'],
    ['9f86d081', 'validation-failed'],
    ['"a" "b"', 'validation-failed'],
    ['"a", *', 'validation-failed'],
    ['w/"a"', 'validation-failed'],
    ['"a b"', 'validation-failed'],
  ])('%s is refused as %s', (header, code) => {
    expect(() => ifMatchOf(opaque, header)).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ code }) }),
    );
  });

  it.each([
    [undefined, undefined],
    ['*', '"a"'],
    ['*', 'W/"a"'],
    [['"b"', '"a"'], '"a"'],
  ] as const)('%j holds for %s', (condition, etag) => {
    expect(matchesTag(condition, etag)).toBe(true);
    expect(checkIfMatch(condition, etag)).toBeUndefined();
  });

  it.each([
    ['*', undefined],
    [['"b"'], '"a"'],
    [['"a"'], undefined],
    [[], 'W/"a"'],
  ] as const)('%j does not hold for %s', (condition, etag) => {
    expect(matchesTag(condition, etag)).toBe(false);
    expect(() => checkIfMatch(condition, etag)).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ code: 'version-conflict' }) }),
    );
  });
});

it('an entity tag has quotes, and no blank or quote between them', () => {
  expect(['"a"', 'W/"a"', '""', '"a,b"'].every(isEntityTag)).toBe(true);
  expect(['a', 'w/"a"', '"a b"', '"a"b"', '"a', '"a"\n'].some(isEntityTag)).toBe(false);
});

describe('If-None-Match', () => {
  it.each([
    ['*', '"a"', true],
    ['"b", W/"a"', '"a"', true],
    ['"a"', 'W/"a"', true],
    ['"b"', '"a"', false],
    [undefined, '"a"', false],
  ])('%s compared with %s is %s', (header, etag, is) => expect(matchesNone(header, etag)).toBe(is));
});
