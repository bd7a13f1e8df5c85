import { describe, expect, it } from 'vitest';
import { equal, isMultiple, isUnique, ucs2length } from './values.ts';

describe('ucs2length', () => {
  it.each([
    ['', 0],
    ['ab', 2],
    ['😀', 1],
    ['a😀b😀', 4],
    ['\ud83d', 1],
    ['\ude00\ud83d', 2],
  ])('of %j is %d', (text, length) => expect(ucs2length(text)).toBe(length));
});

describe('isMultiple', () => {
  it.each([
    [0.07, 0.01],
    [4.35, 0.01],
    [-1.1, 0.1],
    [1e-7, 1e-7],
    [1e300, 1e-300],
    [2 ** 60, 1024],
    [0, 0.3],
  ])('is true for %d and %d', (value, divisor) => expect(isMultiple(value, divisor)).toBe(true));
  it.each([
    [0.075, 0.01],
    [1, 0.3],
    [3, 2],
    [1e-8, 1e-7],
    [Infinity, 1],
    [NaN, 1],
  ])('is false for %d and %d', (value, divisor) => expect(isMultiple(value, divisor)).toBe(false));
});

describe('isUnique', () => {
  it.each<[readonly unknown[]]>([
    [[]],
    [[1, '1', '"1', true, null, 'true', 'null', 'null']],
    [[{ a: 1 }, { a: '1' }, [1], ['1'], '[1]']],
  ])('is true for %j without its last item', (items) => expect(isUnique(items.slice(0, -1))).toBe(true));
  it.each<[readonly unknown[]]>([
    [[0, -0]],
    [['a', 'a']],
    [[null, null]],
    [
      [
        [1, { a: 1, b: 2 }],
        [1, { b: 2, a: 1 }],
      ],
    ],
  ])('is false for %j', (items) => expect(isUnique(items)).toBe(false));
});

describe('equal', () => {
  it.each<[unknown, unknown]>([
    [0, -0],
    [
      { a: 1, b: [{}] },
      { b: [{}], a: 1 },
    ],
    [[], []],
    [null, null],
  ])('is true for %j and %j', (left, right) => expect(equal(left, right)).toBe(true));
  it.each<[unknown, unknown]>([
    [1, '1'],
    [null, {}],
    [[], {}],
    [{ a: 1 }, { b: 1 }],
    [JSON.parse('{"__proto__":{}}'), { b: 1 }],
    [{}, { a: 1 }],
    [
      [1, 2],
      [2, 1],
    ],
    [[{ a: 1 }], [{ a: 2 }]],
  ])('is false for %j and %j', (left, right) => expect(equal(left, right)).toBe(false));
});
