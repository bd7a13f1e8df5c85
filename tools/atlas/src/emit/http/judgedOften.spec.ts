import type { JsonObject, JsonValue } from '@atlas/ir';
import { describe, expect, it } from 'vitest';
import { judgedOften } from './judgedOften.ts';

const own: JsonObject = { $ref: 's0' };

describe('a schema is judged often', () => {
  it.each<[string, JsonValue, boolean]>([
    ['if two parts lead to it', { allOf: [{ items: own }, { items: own }] }, true],
    [
      'not if parts lead to it for different members',
      { allOf: [{ properties: { a: own } }, { properties: { b: own } }] },
      false,
    ],
    ['not for members and for items', { properties: { a: own }, items: own }, false],
    ['if a part and a member lead to it', { properties: { a: own }, anyOf: [{ properties: { a: own } }] }, true],
    ['if a member may be one of the others', { properties: { a: own }, not: { additionalProperties: own } }, true],
    ['not if a declared member is none of the others', { properties: { a: own }, additionalProperties: own }, false],
    ['if a member may match a pattern', { properties: { a: own }, patternProperties: { b: own } }, true],
    ['not for items at different indexes', { prefixItems: [own, own], items: own }, false],
    ['if an item is also looked for', { prefixItems: [own], contains: own }, true],
    ['not for a member and the names of members', { properties: { a: own }, propertyNames: own }, false],
    [
      'if parts meet deep inside',
      { allOf: [0, 1].map(() => ({ items: { properties: { a: { items: own } } } })) },
      true,
    ],
  ])('%s', (_, schema, isOften) => {
    expect(judgedOften([own], new Map([['s0', schema]])).has('s0')).toBe(isOften);
  });

  it('only if it leads to many others', () => {
    const layers = new Map<string, JsonValue>(
      Array.from({ length: 12 }, (_, index) => [
        `s${index}`,
        { allOf: [{ $ref: `s${index + 1}` }, { $ref: `s${index + 1}` }] },
      ]),
    ).set('s12', { type: 'string' });
    expect([...judgedOften([own], layers)].toSorted()).toEqual(['s1', 's2', 's3', 's4', 's5', 's6', 's7', 's8']);
  });

  it('only where ways meet, not behind that', () => {
    const schemas = new Map<string, JsonValue>([
      ['s0', { allOf: [{ items: { $ref: 's1' } }, { items: { $ref: 's1' } }] }],
      ['s1', { properties: { a: { $ref: 's2' } } }],
      ['s2', { properties: { b: own } }],
    ]);
    expect([...judgedOften([own], schemas)]).toEqual(['s1']);
  });
});
