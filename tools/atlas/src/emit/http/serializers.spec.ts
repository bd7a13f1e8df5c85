import type { JsonObject, JsonValue } from '@atlas/ir';
import { afterAll, describe, expect, it } from 'vitest';
import { apiOf, fn, moduleFolder } from '../../../test/harness/compiledModule.ts';
import { serializersModule } from './serializers.ts';

const modules = moduleFolder();
afterAll(() => modules.remove());

async function serialiser(schema: JsonValue, schemas: JsonObject = {}): Promise<(value: unknown) => string> {
  const write = fn(await modules.load(await serializersModule(apiOf(schema, schemas))), 'act200');
  return (value) => String(write(value));
}

const Seat: JsonObject = {
  type: 'object',
  required: ['row'],
  properties: { row: { type: 'string' }, next: { $ref: '#/components/schemas/Seat' } },
};
const Either: JsonObject = { oneOf: [{ type: 'object', properties: { a: { type: 'string' } } }, { type: 'string' }] };

describe('a compiled serialiser', () => {
  it.each<[string, JsonValue, readonly unknown[]]>([
    ['texts', { type: 'string' }, ['', 'a"b\\\n', '\u2028 ü 😀 \ud800']],
    ['nullable', { type: ['string', 'null'] }, ['x', null]],
    ['nullable object', { type: ['object', 'null'], properties: { a: { type: 'integer' } } }, [null, {}, { a: 1 }]],
    ['nullable list', { type: ['array', 'null'], items: { type: 'number' } }, [null, [], [1.5, -0.1]]],
    ['either of two types', { type: ['string', 'integer'] }, ['1', 1]],
    [
      'a text or a list of several kinds',
      { type: ['string', 'array'], items: { type: ['array', 'string'], items: { type: 'string' } } },
      [[], '', ['x', []]],
    ],
    [
      'a circle',
      { $ref: '#/components/schemas/Seat' },
      [{ row: 'A' }, { row: 'A', next: { row: 'B', next: { row: '"' } } }],
    ],
    [
      'a choice',
      { type: 'object', properties: { x: { $ref: '#/components/schemas/Either' } } },
      [{ x: { a: '1' } }, { x: 'y' }],
    ],
    [
      'parts',
      { allOf: [{ $ref: '#/components/schemas/Seat' }, { type: 'object', properties: { n: { type: 'integer' } } }] },
      [{ row: 'A', n: 1 }],
    ],
    [
      'a choice among parts',
      { allOf: [{ type: 'object', properties: { n: { type: 'integer' } } }, { $ref: '#/components/schemas/Either' }] },
      [{ n: 1, a: 'kept' }],
    ],
    ['a map', { type: 'object', additionalProperties: { type: 'integer' } }, [{}, { a: 1, b: 2 }]],
    ['anything', {}, [null, 1, 'x', [1], { a: { b: [] } }]],
    ['a tuple', { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }] }, [['a', 1]]],
    ['an enum of kinds', { enum: ['a', 1, null] }, ['a', 1, null]],
    ['members without a type', { properties: { a: { type: 'string' } } }, [{ a: 'x' }, 'text', 3]],
    [
      'plain formats',
      {
        type: 'object',
        properties: { d: { type: 'string', format: 'date' }, t: { type: 'string', format: 'date-time' } },
      },
      [{ d: '2020-02-02', t: '2020-02-02T00:00:00Z' }],
    ],
    [
      'names that every object inherits',
      { type: 'object', properties: { constructor: { type: 'string' }, valueOf: {}, n: { type: 'integer' } } },
      [{ n: 1 }, { n: 1, constructor: 'Ferrari' }],
    ],
    ['odd names', { type: 'object', properties: { 'a"b`${1}\n': { type: 'boolean' } } }, [{ 'a"b`${1}\n': true }]],
  ])('writes what JSON.stringify writes: %s', async (_, schema, values) => {
    const write = await serialiser(schema, { Seat, Either });
    for (const value of values) expect(JSON.parse(write(value))).toEqual(value);
  });

  it.each<[string, JsonValue, unknown]>([
    ['further members of an open schema', { $ref: '#/components/schemas/Seat' }, { row: 'A', further: [1] }],
    ['any members', { type: 'object', properties: { meta: { type: 'object' } } }, { meta: { color: 'red' } }],
    [
      'members of a part without a type',
      { type: 'object', allOf: [{ $ref: '#/components/schemas/Host' }], properties: { id: { type: 'string' } } },
      { id: 'b1', host: 'h', secure: true },
    ],
  ])('keeps %s', async (_, schema, value) => {
    const Host = { required: ['host'], properties: { host: { type: 'string' }, secure: { type: 'boolean' } } };
    const write = await serialiser(schema, { Seat, Host });
    expect(JSON.parse(write(value))).toEqual(value);
  });

  it('is made in linear time for layers of closed schemas that use the next layer twice', async () => {
    const closed = (properties: JsonObject): JsonObject => ({
      type: 'object',
      additionalProperties: false,
      properties,
    });
    const layers = Array.from({ length: 40 }, (_, index): [string, JsonObject] => {
      const next = { $ref: `#/components/schemas/L${index + 1}` };
      return [`L${index}`, closed({ a: next, b: next })];
    });
    const write = await serialiser(
      { $ref: '#/components/schemas/L0' },
      { ...Object.fromEntries(layers), L40: closed({}) },
    );
    expect(write({ a: { b: {} }, b: {} })).toBe('{"a":{"b":{}},"b":{}}');
  });
});
