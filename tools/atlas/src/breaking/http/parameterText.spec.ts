import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Parameter } from './api.ts';
import { meaningsOf, queryPairs, textOf } from './parameterText.ts';

const scalars = fc.oneof(
  fc.boolean(),
  fc.integer({ min: -100, max: 100 }),
  fc.string({
    unit: fc.constantFrom('a', 'B', '1', ',', ' ', '|', ';', '=', '%', '&', 'é'),
    minLength: 1,
    maxLength: 4,
  }),
);
const lists = fc.array(scalars, { minLength: 1, maxLength: 4 });
const objects = fc.dictionary(fc.constantFrom('a', 'b', 'c d'), scalars, {
  minKeys: 1,
  maxKeys: 3,
  noNullPrototype: true,
});

function parameterOf(where: string, style: string, explode: boolean, isJson = false): Parameter {
  return { raw: {}, name: 'q', in: where, required: true, pointer: '', style, explode, isJson };
}

const EXPLODED = [true, false];

describe('the text of a parameter', () => {
  it.each(['simple', 'label', 'matrix'].flatMap((style) => EXPLODED.map((explode) => ({ style, explode }))))(
    'may mean what was written in a path with style $style, exploded: $explode',
    ({ style, explode }) => {
      const parameter = parameterOf('path', style, explode);
      fc.assert(
        fc.property(fc.oneof(scalars, lists, objects), (value) => {
          const text = textOf(parameter, value, encodeURIComponent);
          expect(meaningsOf(parameter, [text], decodeURIComponent)).toContainEqual(value);
        }),
      );
    },
  );

  it.each(
    ['form', 'spaceDelimited', 'pipeDelimited'].flatMap((style) => EXPLODED.map((explode) => ({ style, explode }))),
  )('may mean what was written in a query with style $style, exploded: $explode', ({ style, explode }) => {
    const parameter = parameterOf('query', style, explode);
    // An exploded object is as many parameters as it has members.
    const values = style === 'form' && !explode ? fc.oneof(scalars, lists, objects) : fc.oneof(scalars, lists);
    // An item must not contain a separator, because these two styles do not distinguish an escaped one from their own.
    const usable = values.filter((value) => style === 'form' || !/[ |]/.test(JSON.stringify(value)));
    fc.assert(
      fc.property(usable, (value) => {
        const texts = queryPairs(parameter, value).map((pair) => pair.slice('q='.length));
        expect(meaningsOf(parameter, texts, decodeURIComponent)).toContainEqual(value);
      }),
    );
  });

  it('may mean what was written as JSON, and nothing else', () => {
    const parameter = parameterOf('query', 'form', true, true);
    fc.assert(
      fc.property(fc.oneof(scalars, lists, objects), (value) => {
        const texts = queryPairs(parameter, value).map((pair) => pair.slice('q='.length));
        expect(meaningsOf(parameter, texts, decodeURIComponent)).toEqual([value]);
      }),
    );
  });

  it.each([
    { style: 'label', text: 'a' },
    { style: 'matrix', text: 'a' },
  ])('means nothing without the sign of style $style', ({ style, text }) => {
    expect(meaningsOf(parameterOf('path', style, false), [text], decodeURIComponent)).toEqual([]);
  });

  it.each(['01', '0x1', '+1', ' 1', '.5', '1.', 'Infinity'])(
    'is not a number if JSON writes it in another way: %j',
    (text) => {
      const meanings = meaningsOf(parameterOf('path', 'simple', false), [text], String);
      expect(meanings?.filter((meaning) => typeof meaning === 'number')).toEqual([]);
    },
  );

  it('may have blanks around the commas of a header', () => {
    expect(meaningsOf(parameterOf('header', 'simple', false), ['a, 4 ,b'], String)).toContainEqual(['a', 4, 'b']);
  });

  it('may be no item or an empty one, if it is empty', () => {
    const meanings = meaningsOf(parameterOf('query', 'form', false), [''], String);
    expect(meanings).toContainEqual([]);
    expect(meanings).toContainEqual(['']);
  });
});
