import { describe, expect, it } from 'vitest';
import { equal, ucs2length } from './values.ts';

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
