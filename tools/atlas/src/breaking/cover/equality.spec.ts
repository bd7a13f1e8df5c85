import type { JsonObject } from '@atlas/ir';
import { describe, expect, it } from 'vitest';
import { compareSchemas } from '../report/compareSchemas.ts';

/** So few cases that no question about a whole schema of these is answered by looking for a value. */
const budget = { question: 300 };

const row: JsonObject = { type: 'object', required: ['letter'], properties: { letter: { enum: ['a', 'b'] } } };
const PROPERTIES: JsonObject = { row, number: { type: 'integer', minimum: 1 } };
const seat: JsonObject = { type: 'object', properties: PROPERTIES };
const list: JsonObject = { type: 'array', items: { type: 'string' }, uniqueItems: true };
const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });
const tree = (name: string, leaf: JsonObject): JsonObject => ({
  properties: { leaf, left: ref(name) },
  type: 'object',
});

function unprovenOf(old: JsonObject, next: JsonObject): readonly string[] {
  const document = (Seat: JsonObject): JsonObject => ({
    components: { schemas: { Seat, Row: row, Tree: tree('Tree', row), Other: tree('Other', { allOf: [row] }) } },
  });
  const pointer = '/components/schemas/Seat';
  const pairs = (['request', 'response'] as const).map((direction) => ({
    id: direction,
    direction,
    old: { pointer },
    new: { pointer },
  }));
  const [before, after] = [old, next].map((schema) => ({ document: document(schema), dialect: '2020-12' as const }));
  return before && after ? compareSchemas(before, after, pairs, { budget }).causes.map(({ change }) => change) : [];
}

/** Many values of the schema are also values of another branch, so that the question is a hard one. */
const hard = (schema: JsonObject): JsonObject => ({
  oneOf: [schema, { ...list, maxItems: 3 }, { type: 'object', required: ['note'] }],
});

describe('a schema in other words', () => {
  it.each<[string, JsonObject, JsonObject]>([
    ['a reference is written out', ref('Row'), row],
    ['a schema is alone in allOf', seat, { allOf: [seat] }],
    ['a schema is alone in anyOf', seat, { anyOf: [seat] }],
    ['a schema is alone in oneOf, in allOf', seat, { allOf: [{ oneOf: [seat] }] }],
    ['the same is said twice', seat, { ...seat, allOf: [seat] }],
    ['a branch is there twice', { anyOf: [seat, list] }, { anyOf: [seat, list, seat] }],
    ['branches have another order', { oneOf: [seat, list] }, { oneOf: [list, seat] }],
    ['an inner schema is wrapped', seat, { ...seat, properties: { ...PROPERTIES, row: { allOf: [row] } } }],
    [
      'a bound of integers is written in another way',
      { ...list, items: { type: 'integer', minimum: 1 } },
      { ...list, items: { type: 'integer', exclusiveMinimum: 0 } },
    ],
    ['a recursive schema has another name', ref('Tree'), ref('Other')],
  ])('is not a finding, even if nothing can be proven: %s', (_what, old, next) => {
    expect(unprovenOf(hard(old), hard(next))).toEqual([]);
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['another value', row, { ...row, properties: { letter: { enum: ['a', 'c'] } } }],
    ['one more property', seat, { ...seat, required: ['row'] }],
    ['a branch of oneOf that is there twice', { oneOf: [seat, list] }, { oneOf: [seat, list, seat] }],
    [
      'parts below unevaluatedProperties',
      { allOf: [seat, row], unevaluatedProperties: false },
      { allOf: [{ allOf: [seat], unevaluatedProperties: false }, row] },
    ],
    ['a recursive schema that differs below', ref('Tree'), { ...tree('Tree', row), required: ['leaf'] }],
  ])('is one if it says something else: %s', (_what, old, next) => {
    expect(unprovenOf(hard(old), hard(next))).not.toEqual([]);
  });
});
