import { array, assert, constantFrom, jsonValue, letrec, oneof, property, tuple, type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedByParsing, firstChange } from './exactJson.ts';

const changeIn = (text: string): ReturnType<typeof firstChange> => changedByParsing(text, JSON.parse(text));

/**
 * Texts for which the quick check and the scan might disagree: few names, colons in strings, blanks, and many digits.
 */
const blank = constantFrom('', '', ' ', '\n', '\t ');
const name = constantFrom('"a"', '"b"', '"\\u0061"', '"a:"', '"\\""', '"\\":"', '"__proto__"', '""');
const scalar = constantFrom(
  '1',
  '-0',
  '15',
  '123456789012345',
  '1234567890123456',
  '1234567890123456.7',
  '10.00000000000000000001',
  '0.1',
  '1e3',
  '1E-400',
  '9007199254740993',
  'null',
  'true',
  '"a: b"',
  '" : 1"',
  '"\\" :1"',
  '"{\\"a\\":1e400}"',
);
const separated = (items: readonly string[], open: string, close: string): string => open + items.join(',') + close;
const { value: jsonText } = letrec<{ value: string; list: string; object: string; member: string }>((tie) => ({
  value: oneof({ depthSize: 'small', withCrossShrink: true }, scalar, tie('list'), tie('object')),
  list: array(tie('value'), { maxLength: 4 }).map((items) => separated(items, '[', ']')),
  object: array(tie('member'), { maxLength: 4 }).map((members) => separated(members, '{', '}')),
  member: spaced(name, tie('value')),
}));

function spaced(left: Arbitrary<string>, right: Arbitrary<string>): Arbitrary<string> {
  return tuple(blank, left, blank, blank, right, blank).map(
    ([first, before, second, third, after, last]) => `${first}${before}${second}:${third}${after}${last}`,
  );
}

describe('the text of a body', () => {
  it.each([
    ['{"qty":1,"qty":5}', '/qty', 'is given more than once'],
    ['{"a":[{}, {"b~/":1, "\\u0062~/" : 2}]}', '/a/1/b~0~1', 'is given more than once'],
    ['{"a":{"b":"}"},"c":"\\\\\\"{","c":null}', '/c', 'is given more than once'],
    ['{"qty":10.00000000000000000001}', '/qty', 'has more digits than can be kept'],
    ['[1, -9007199254740993]', '/1', 'has more digits than can be kept'],
    ['9007199254740991.4', '', 'has more digits than can be kept'],
    ['{"a":1e-400}', '/a', 'has more digits than can be kept'],
    ['{"a":1234567890123456789e3}', '/a', 'has more digits than can be kept'],
  ])('%s is refused, because parsing would change it', (text, pointer, detail) => {
    expect(changeIn(text)).toEqual({ pointer, detail });
  });

  it.each(['{"a":{"a":[{"a":1},{"a":2}]}}', '9007199254740991', '0.1', '0.30000000000000004', '-0', '0.000', '0e999'])(
    '%s is kept',
    (text) => expect(changeIn(text)).toBeUndefined(),
  );

  it.each(['1.50', '1e3', '100000000000000000000', '1E+2', '5e-324', '1.7976931348623157e308', '0.10000000000000000'])(
    '%s is accepted, although it is spelt in another way',
    (text) => expect(changeIn(text)).toBeUndefined(),
  );

  it('is accepted if JSON.stringify writes it', () => {
    assert(
      property(jsonValue(), (value) => {
        expect(changeIn(JSON.stringify(value, undefined, 1))).toBeUndefined();
      }),
    );
  });

  it('gets the same verdict from the quick check as from the full scan', () => {
    let refused = 0;
    assert(
      property(jsonText, (text) => {
        const scanned = firstChange(text);
        if (scanned) refused += 1;
        expect(changeIn(text)).toEqual(scanned);
      }),
      { numRuns: 3_000 },
    );
    expect(refused).toBeGreaterThan(100);
  });

  it('may be nested deeply, or have many quotes', () => {
    expect(changeIn('['.repeat(500_000) + ']'.repeat(500_000))).toBeUndefined();
    expect(changeIn(JSON.stringify('"\\'.repeat(300_000)))).toBeUndefined();
  });
});
