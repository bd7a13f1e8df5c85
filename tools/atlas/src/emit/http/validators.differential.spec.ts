import type { JsonObject, JsonValue } from '@atlas/ir';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { apiOf, fn, moduleFolder } from '../../../test/harness/compiledModule.ts';
import { judgeOf } from '../../../test/harness/judge.ts';
import { layeredSchemaSets, lookingSchemaSets, schemaSets, values } from '../../../test/harness/randomSchemas.ts';
import { validatorsModule } from './validators.ts';

const modules = moduleFolder();
afterAll(() => modules.remove());

interface Judged {
  readonly isValid: boolean;
  /** Pointers of the errors, in order, each once. */
  readonly pointers: readonly string[];
}

/**
 * What plain ajv says, with every error. It says of an empty list what it said of the list before, so `contains` has
 * `minItems` beside it.
 */
function plain(schema: JsonValue, schemas: JsonObject): (value: unknown) => Judged {
  const ajv = new Ajv2020({ allErrors: true, strict: false, logger: false, inlineRefs: false });
  formats.default(ajv, ['date']);
  const text = JSON.stringify({ components: { schemas }, allOf: [schema] });
  const compiled = ajv.compile(
    JSON.parse(text, (_, part) => (part?.contains === undefined ? part : { minItems: 1, ...part })),
  );
  return (value) => {
    const isValid = compiled(value);
    return { isValid, pointers: (compiled.errors ?? []).map(({ instancePath }) => instancePath) };
  };
}

async function generated(
  schema: JsonValue,
  schemas: JsonObject,
): Promise<(value: unknown) => readonly string[] | undefined> {
  const { text, failures } = await validatorsModule(apiOf(schema, schemas));
  expect(failures).toEqual([]);
  const check = fn(await modules.load(text), 'actBody');
  return (value) => {
    const found = check(value);
    if (found === undefined) return undefined;
    if (!Array.isArray(found) || found.length === 0) throw new Error('a refusal without a reason');
    return found.map(({ pointer }: { pointer: string }) => pointer);
  };
}

const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });
const kinds = Object.fromEntries(
  Array.from({ length: 12 }, (_, kind) => {
    const names = Array.from({ length: 6 }, (__, index) => `k${kind}_${index}`);
    const properties = Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
    return [`Kind${kind}`, { type: 'object', required: names, properties }] as const;
  }),
);
const ofKind = (kind: number): JsonObject =>
  Object.fromEntries([0, 1, 2, 3, 4, 5].map((index) => [`k${kind}_${index}`, 'a']));
const Item: JsonObject = {
  type: 'object',
  required: ['cents'],
  properties: { cents: { type: 'integer', minimum: 1 } },
};
const Batch: JsonObject = {
  type: 'object',
  additionalProperties: false,
  required: ['items'],
  properties: { items: { type: 'array', items: ref('Item') } },
};
const bad = (count: number): JsonValue => Array.from({ length: count }, () => ({ cents: -5 }));

const Long: JsonObject = { type: 'string', minLength: 100 };
const many: JsonValue = Array.from({ length: 70 }, () => 'short');

/**
 * A schema for `[many, value]` that accepts what `schema` accepts, but judges the value after there are many errors.
 */
function afterManyErrors(schema: JsonValue): JsonValue {
  return { anyOf: [{ prefixItems: [{ items: ref('Long') }, schema] }, { prefixItems: [true, schema] }] };
}

describe('a compiled validator decides like plain ajv, however many errors there are', () => {
  it.each<[string, JsonValue, JsonObject, readonly JsonValue[]]>([
    [
      'oneOf',
      { oneOf: [ref('Batch'), ref('Item')] },
      { Batch, Item },
      [1, 60, 200].map((count) => ({ items: bad(count), x: 1 })),
    ],
    [
      'a wide oneOf',
      { oneOf: Object.keys(kinds).map(ref) },
      kinds,
      [{}, ofKind(0), ofKind(11), { ...ofKind(0), ...ofKind(1) }],
    ],
    ['a wide anyOf', { anyOf: Object.keys(kinds).map(ref) }, kinds, [{}, ofKind(0), ofKind(11)]],
    ['a reference', ref('Item'), { Item }, [{}, { cents: 1 }]],
    ['not', { not: ref('Item') }, { Item }, [{}, { cents: 1 }]],
    ['contains', { contains: ref('Item') }, { Item }, [bad(80), [{ cents: 1 }]]],
    [
      'if',
      { if: ref('Item'), then: { maxProperties: 1 }, else: ref('Batch') },
      { Item, Batch },
      [{}, { cents: 1 }, { items: [] }],
    ],
    [
      'if in not',
      { not: { if: { type: 'string' }, then: { properties: { a: { type: 'object' } } }, else: { enum: ['x', 1] } } },
      {},
      ['x', 1, 2, { a: 1 }],
    ],
    ['propertyNames', { propertyNames: ref('Long') }, { Long }, [{}, { a: 1 }]],
  ])('%s', async (_, schema, schemas, list) => {
    const [check, reference] = [await generated(schema, schemas), plain(schema, schemas)];
    const late = await generated(afterManyErrors(schema), { ...schemas, Long });
    for (const value of list) expect(late([many, value]) === undefined).toBe(reference(value).isValid);
    for (const value of list) expect(check(value) === undefined).toBe(reference(value).isValid);
  });

  it('for random schemas and values', async () => {
    await fc.assert(
      fc.asyncProperty(
        schemaSets,
        fc.array(values, { minLength: 20, maxLength: 20 }),
        async ({ schema, schemas }, list) => {
          const [check, reference] = [await generated(schema, schemas), plain(schema, schemas)];
          const late = await generated(afterManyErrors(schema), { ...schemas, Long });
          for (const value of withCopies(list, 70)) {
            const { isValid, pointers } = reference(value);
            const found = check(value);
            expect(found === undefined, JSON.stringify(value)).toBe(isValid);
            expect(late([many, value]) === undefined, JSON.stringify(value)).toBe(isValid);
            // A member that is missing or unknown is reported at its own pointer, which is below ajv's.
            for (const pointer of found ?? []) expect(pointers.some((other) => pointer.startsWith(other))).toBe(true);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});

/** Each value, and a list of copies of it: these give many errors, so that every limit is reached. */
function withCopies(list: readonly JsonValue[], copies: number): readonly JsonValue[] {
  return list.flatMap((one) => [one, Array.from({ length: copies }, () => one)]);
}

describe('a compiled validator decides as JSON Schema reads', () => {
  const closed = { unevaluatedProperties: false };
  const asking = { required: ['b'], properties: { b: true } };
  it.each<[string, JsonValue, JsonObject, readonly JsonValue[]]>([
    [
      'patterns beside anyOf that refuses',
      { patternProperties: { '^a': true }, anyOf: [asking], ...closed },
      {},
      [{ a: 1 }, { a: 1, b: 1 }, { a: 1, b: 1, c: 1 }, 1],
    ],
    [
      'items of which only the first one is accepted by a branch',
      { items: { anyOf: [asking, { type: 'object' }], ...closed } },
      {},
      [
        [{ b: 1 }, { b: 1 }],
        [{ b: 1 }, {}],
        [{ b: 1 }, { c: 1 }],
      ],
    ],
    [
      'items of items of which only the first ones have been looked at',
      { items: { anyOf: [{ prefixItems: [{ const: 1 }, true] }, true], unevaluatedItems: false } },
      {},
      [
        [[1, 2], [1]],
        [[1, 2], [3]],
        [[1, 2], []],
      ],
    ],
    [
      'a reference that refuses, beside patterns',
      { anyOf: [{ $ref: '#/components/schemas/Asking', patternProperties: { '^a': true }, ...closed }] },
      { Asking: { ...asking, anyOf: [{ properties: { c: true } }] } },
      [{ a: 1 }, { a: 1, b: 1, c: 1 }, { d: 1, b: 1 }],
    ],
    [
      'an if that refuses',
      { if: asking, then: true, else: { properties: { c: true } }, ...closed },
      {},
      [{ b: 1 }, { c: 1 }, { b: 1, c: 1 }, { d: 1 }],
    ],
    ['an if alone', { if: { properties: { a: true } }, ...closed }, {}, [{ a: 1 }, { b: 1 }]],
    [
      'items that contains refuses',
      { contains: { type: 'string' }, unevaluatedItems: false },
      {},
      [['a'], ['a', 1], [1], ['a', 'b'], []],
    ],
    [
      'members that every object inherits',
      { anyOf: [asking, true], ...closed },
      {},
      [{ b: 1 }, { constructor: 1 }, { toString: 1, b: 1 }],
    ],
    [
      'a circle of references',
      { $ref: '#/components/schemas/Node', ...closed },
      { Node: { properties: { next: { $ref: '#/components/schemas/Node' } }, patternProperties: { '^a': true } } },
      [{ next: { a: 1 } }, { next: {}, a: 1 }, { next: { b: 1 } }, { a: 1 }, { b: 1 }],
    ],
  ])('%s', async (_, schema, schemas, list) => {
    const [check, judge] = [await generated(schema, schemas), judgeOf(schemas)];
    // Twice, because a value must not leave anything behind for the next one.
    for (const value of [...list, ...list])
      expect(check(value) === undefined, JSON.stringify(value)).toBe(judge(schema, value));
  });

  it.each([
    ['that look at members and items', lookingSchemaSets, 25],
    ['with many ways to each value', layeredSchemaSets, 30],
  ])('for random schemas %s and values', async (_, sets, numRuns) => {
    await fc.assert(
      fc.asyncProperty(sets, fc.array(values, { minLength: 20, maxLength: 20 }), async ({ schema, schemas }, list) => {
        const [check, judge] = [await generated(schema, schemas), judgeOf(schemas)];
        const late = await generated(afterManyErrors(schema), { ...schemas, Long });
        for (const value of withCopies(list, 2)) {
          const isValid = judge(schema, value);
          expect(check(value) === undefined, JSON.stringify(value)).toBe(isValid);
          expect(late([many, value]) === undefined, JSON.stringify(value)).toBe(isValid);
        }
      }),
      { numRuns },
    );
  });
});
