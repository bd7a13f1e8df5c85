import type { HttpApi, JsonObject, JsonValue } from '@atlas/ir';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { apiOf, fn, moduleFolder } from '../../../test/harness/compiledModule.ts';
import { validatorsModule } from './validators.ts';

const modules = moduleFolder();
afterAll(() => modules.remove());

const UUID = '0198c1a0-0000-7000-8000-00000000000a';

/** Schemas in the form that documents have them, some with keywords that have no quick check, some in circles. */
const { schema: anySchema } = fc.letrec<{ schema: JsonObject | boolean }>((tie) => {
  const part = tie('schema');
  const size = fc.constantFrom(0, 1, 2, 3);
  const some = { requiredKeys: ['type'] } as const satisfies { requiredKeys: ['type'] };
  const number = {
    minimum: size,
    maximum: size,
    exclusiveMinimum: size,
    exclusiveMaximum: size,
    multipleOf: fc.constant(2),
  };
  const name = fc.constantFrom('a', 'b', 'c');
  return {
    schema: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.record({
        type: fc.constantFrom('boolean', 'null', 'string', 'integer', ['string', 'null'], ['string', 'integer']),
      }),
      fc.record(
        { type: fc.constant('string'), minLength: size, maxLength: size, pattern: fc.constantFrom('^a/b"', '^[ab]+$') },
        some,
      ),
      fc.record({
        type: fc.constant('string'),
        format: fc.constantFrom('uuid', 'date', 'date-time', 'email', 'uri', 'int32'),
      }),
      fc.record(
        {
          type: fc.constantFrom('integer', 'number', ['number', 'null']),
          ...number,
          format: fc.constantFrom('int32', 'int64', 'date'),
        },
        some,
      ),
      fc.record({ enum: fc.array(fc.constantFrom<JsonValue[]>('a', 1, null, true, [1]), { minLength: 1 }) }),
      fc.record({ const: fc.constantFrom<JsonValue[]>('a', 0, null, { a: 1 }) }),
      fc.constantFrom<JsonObject[]>(
        { $ref: '#/components/schemas/Leaf' },
        { $ref: '#/components/schemas/Tree' },
        { $ref: '#/components/schemas/Odd' },
      ),
      fc.boolean(),
      fc.record(
        {
          type: fc.constantFrom('array', ['array', 'null']),
          items: part,
          minItems: size,
          maxItems: size,
          uniqueItems: fc.boolean(),
        },
        some,
      ),
      fc.record(
        {
          type: fc.constantFrom('object', ['object', 'null']),
          properties: fc.dictionary(name, part, { maxKeys: 3, noNullPrototype: true }),
          required: fc.uniqueArray(name),
          additionalProperties: fc.oneof(fc.boolean(), part),
        },
        some,
      ),
      fc.record({ allOf: fc.array(part, { minLength: 1, maxLength: 2 }) }),
      fc.record({ oneOf: fc.array(part, { minLength: 1, maxLength: 2 }) }),
    ),
  };
});

/** What handlers and clients may give: JSON, and members that are undefined. */
const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<unknown[]>(null, true, 0, -1, 1, 2, 1.5, 2 ** 31, Number.POSITIVE_INFINITY, Number.NaN, [], {}),
    fc.constantFrom('', 'a', 'ab', 'a/b"', '😀', '😀😀', UUID, UUID.toUpperCase(), `${UUID}0`, `ı${UUID.slice(1)}`),
    fc.constantFrom('2020-02-02', '2023-02-29', '2020-02-02T00:00:00Z', 'x@y.zz', 'urn:x'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.oneof(tie('value'), fc.constant(undefined)), { maxKeys: 3 }),
  ),
}));

const SHARED: JsonObject = {
  Leaf: { type: 'string', minLength: 1 },
  Tree: {
    type: 'object',
    properties: { a: { $ref: '#/components/schemas/Tree' }, b: { type: 'integer' } },
    additionalProperties: false,
  },
  Odd: {
    type: 'object',
    properties: { a: { $ref: '#/components/schemas/Odd' }, b: { type: 'integer', multipleOf: 2 } },
  },
};

/** One operation per schema: `act0`, `act1`, ... */
function apiOfAll(schemas: readonly JsonValue[]): HttpApi {
  const apis = schemas.map((schema) => apiOf(schema, SHARED));
  const operations = apis.flatMap(({ operations: [operation] }, index) =>
    operation ? [{ ...operation, id: `act${index}` }] : [],
  );
  return { ...apiOf({}, SHARED), operations };
}

async function textOf(schema: JsonValue): Promise<string> {
  return (await validatorsModule(apiOf(schema, SHARED))).text;
}

describe('quick checks', () => {
  it('let pass what the thorough ones let pass, and nothing else', { timeout: 60_000 }, async () => {
    let [fitting, refused] = [0, 0];
    await fc.assert(
      fc.asyncProperty(
        fc.array(anySchema, { minLength: 60, maxLength: 60 }),
        fc.array(anyValue, { minLength: 60, maxLength: 60 }),
        async (schemas, values) => {
          const { text, failures } = await validatorsModule(apiOfAll(schemas));
          expect(failures).toEqual([]);
          const wrong: unknown[] = [];
          const module = await modules.load(text.replaceAll(/^function (fits_\w+)/gm, 'export function $1'));
          for (const [index, schema] of schemas.entries()) {
            const thorough = fn(module, `check_act${index}Body`);
            const quick = `fits_act${index}Body_` in module ? fn(module, `fits_act${index}Body_`) : undefined;
            for (const value of values) {
              if (quick?.(value) !== true) refused += 1;
              else if (thorough(value) === true) fitting += 1;
              else wrong.push({ schema, value });
            }
          }
          expect(wrong).toEqual([]);
        },
      ),
      { numRuns: 15, endOnFailure: true },
    );
    expect(Math.min(fitting, refused)).toBeGreaterThan(1_000);
  });

  it.each<[string, JsonValue, unknown]>([
    [
      'a list of closed objects',
      { type: 'array', items: { $ref: '#/components/schemas/Tree' } },
      [{ a: { b: 1 } }, {}],
    ],
    ['texts', { type: 'string', format: 'uuid' }, UUID],
    ['null, where it may be', { type: ['object', 'null'], properties: { a: { type: 'string' } } }, null],
    ['parts', { allOf: [{ $ref: '#/components/schemas/Tree' }, { type: 'object', required: ['b'] }] }, { b: 1 }],
    ['a choice of words', { type: 'string', enum: ['a', 'b'] }, 'b'],
  ])('decide alone over %s', async (_, schema, value) => {
    const text = (await textOf(schema)).replaceAll(
      /check_act\w+(?=, fits)/g,
      '() => { throw new Error("asked again"); }',
    );
    const check = fn(await modules.load(text), 'actBody');
    expect(check(value)).toBeUndefined();
    expect(() => check(7)).toThrow('asked again');
  });

  it.each<[string, JsonValue]>([
    ['an unknown keyword', { type: 'array', uniqueItems: true }],
    ['what refers to one', { type: 'array', items: { $ref: '#/components/schemas/Odd' } }],
    ['a keyword without its type', { minLength: 1 }],
    ['a name that every object inherits', { type: 'object', properties: { valueOf: { type: 'string' } } }],
  ])('leave %s to the thorough ones', async (_, schema) => {
    expect(await textOf(schema)).toContain('export const actBody = problems(check_actBody);');
  });
});
