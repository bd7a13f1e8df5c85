import { assert, property, jsonValue } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedByParsing } from './exactJson.ts';

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
    expect(changedByParsing(text)).toEqual({ pointer, detail });
  });

  it.each(['{"a":{"a":[{"a":1},{"a":2}]}}', '9007199254740991', '0.1', '0.30000000000000004', '-0', '0.000', '0e999'])(
    '%s is kept',
    (text) => expect(changedByParsing(text)).toBeUndefined(),
  );

  it.each(['1.50', '1e3', '100000000000000000000', '1E+2', '5e-324', '1.7976931348623157e308', '0.10000000000000000'])(
    '%s is kept, in another spelling',
    (text) => expect(changedByParsing(text)).toBeUndefined(),
  );

  it('is kept if it is what JSON.stringify writes', () => {
    assert(
      property(jsonValue(), (value) => {
        expect(changedByParsing(JSON.stringify(value, undefined, 1))).toBeUndefined();
      }),
    );
  });

  it('may be nested deeply, or have many quotes', () => {
    expect(changedByParsing('['.repeat(500_000) + ']'.repeat(500_000))).toBeUndefined();
    expect(changedByParsing(JSON.stringify('"\\'.repeat(300_000)))).toBeUndefined();
  });
});
