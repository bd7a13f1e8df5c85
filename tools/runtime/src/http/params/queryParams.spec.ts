import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ProblemError } from '../../contract/handler.ts';
import type { ParamContract } from '../../contract/operation.ts';
import { plainQuery, queryParams } from './queryParams.ts';

const param = (name: string, shape: ParamContract['shape']): ParamContract => ({
  name,
  in: 'query',
  required: false,
  style: 'form',
  explode: true,
  shape,
});
const PARAMS = [
  param('limit', { kind: 'integer' }),
  param('q', { kind: 'string' }),
  param('open', { kind: 'boolean' }),
  param('ids', { kind: 'array', items: 'integer' }),
];

it('plainQuery gives the same values as queryParams, and none if queryParams finds an error', () => {
  const plain = plainQuery(PARAMS);
  const word = fc.constantFrom(
    'limit',
    'q',
    'open',
    'ids',
    'other',
    '=',
    '&',
    '&',
    '=',
    '1',
    '01',
    'true',
    'a b',
    '%20',
    '+',
    '?',
  );
  const texts = fc.oneof(
    fc.array(word).map((words) => words.join('')),
    fc
      .array(fc.tuple(fc.constantFrom('limit', 'q', 'open', 'ids'), word))
      .map((pairs) => pairs.map((pair) => pair.join('=')).join('&')),
  );
  let read = 0;
  fc.assert(
    fc.property(texts, (query) => {
      const errors: ProblemError[] = [];
      const thorough = queryParams(PARAMS, query, errors);
      const quick = plain(query);
      if (quick === undefined) return;
      read += 1;
      expect({ found: quick, errors }).toEqual({ found: thorough, errors: [] });
    }),
    { numRuns: 2_000 },
  );
  expect(read).toBeGreaterThan(50);
});

it('plainQuery reads no objects, because their members have names of their own', () => {
  const plain = plainQuery([...PARAMS, param('at', { kind: 'object', properties: { limit: 'integer' } })]);
  expect(plain('limit=1')).toBeUndefined();
});
