import type { JsonObject, JsonValue, Param } from '@atlas/ir';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { expressionOf } from '../../jsonschema/pattern/expression.ts';
import { apiOf, fn, moduleFolder } from '../../../test/harness/compiledModule.ts';
import { validatorsModule } from './validators.ts';

const modules = moduleFolder();
afterAll(() => modules.remove());

const loc = { file: 'a.yaml', line: 1, column: 1, pointer: '' };

async function compiled(schema: JsonValue, schemas: JsonObject = {}, params: readonly Param[] = []) {
  const { text, failures } = await validatorsModule(apiOf(schema, schemas, params));
  expect(failures).toEqual([]);
  const module = await modules.load(text);
  return { body: fn(module, 'actBody'), answer: fn(module, 'act200'), module, text };
}

/** The pointers of the errors of a body; undefined if it was accepted. */
async function refusals(schema: JsonValue, value: unknown, schemas: JsonObject = {}): Promise<unknown> {
  const found = (await compiled(schema, schemas)).body(value);
  return Array.isArray(found) ? found.map(({ pointer }: { pointer: string }) => pointer) : found;
}

const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });

const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({ type: 'object', properties, ...more });

describe('compiled validators', () => {
  it.each<[string, JsonValue, unknown, readonly string[] | undefined]>([
    ['null is not 0', { type: 'integer' }, null, ['']],
    ['"1" is not 1', { type: 'integer' }, '1', ['']],
    ['what JSON cannot say is not a number', { type: 'number' }, Number('1e400'), ['']],
    ['1 is not true', { type: 'boolean' }, 1, ['']],
    ['an empty text is not null', { type: 'null' }, '', ['']],
    ['a list of one is not the one', { type: 'string' }, ['a'], ['']],
    ['an extra property', object({ a: {} }, { additionalProperties: false }), { a: 1, b: 2 }, ['/b']],
    ['a missing property', object({ a: {} }, { required: ['a'] }), {}, ['/a']],
    ['names that pointers escape', object({}, { required: ['a/b~c'] }), {}, ['/a~1b~0c']],
    [
      'an inherited name is not there',
      object({ constructor: {} }, { required: ['constructor', 'toString'] }),
      {},
      ['/constructor', '/toString'],
    ],
    ['a uuid', { type: 'string', format: 'uuid' }, '0198c1a0-0000-7000-8000-000000000000', undefined],
    [
      'a uuid that databases refuse',
      { type: 'string', format: 'uuid' },
      'urn:uuid:0198c1a0-0000-7000-8000-000000000000',
      [''],
    ],
    ['a day that does not exist', { type: 'string', format: 'date' }, '2023-02-29', ['']],
    ['a time that does not exist', { type: 'string', format: 'date-time' }, '2023-02-28T25:00:00Z', ['']],
    ['an int64 beyond its bounds', { type: 'integer', format: 'int32' }, 2 ** 31, ['']],
    ['an address', { type: 'string', format: 'email' }, 'nobody', ['']],
    ['a uri', { type: 'string', format: 'uri' }, 'not one', ['']],
    ['an unknown format says nothing', { type: 'string', format: 'isbn' }, 'x', undefined],
    ['lengths are counted in characters', { type: 'string', maxLength: 1 }, '😀', undefined],
    [
      'an empty list without what lists contain, behind one that has it',
      { type: 'array', items: { type: 'array', contains: { type: 'string' } } },
      [['a'], [], ['b']],
      ['/1'],
    ],
    ['a tuple', { type: 'array', prefixItems: [{ type: 'string' }], items: false }, ['a', 'b'], ['']],
    [
      'nothing known of x- keys, examples and defaults',
      object({ a: { type: 'string', 'x-a': { $ref: 1 }, example: 3, default: 4 } }),
      {},
      undefined,
    ],
    ['anything', true, 1, undefined],
    ['nothing', false, 1, ['']],
    ['equal items', { type: 'array', uniqueItems: true }, [{ a: 1 }, { a: 1 }], ['']],
  ])('report the wrong members: %s', async (_, schema, value, expected) => {
    const found = await refusals(schema, value);
    expect(found).toEqual(expected);
  });

  it.each<[string, JsonValue, unknown, string]>([
    ['type', { type: ['string', 'null'] }, 1, 'must be string,null'],
    ['type of a member', object({ a: { type: ['string', 'null'] } }), { a: 1 }, 'must be string,null'],
    ['enum of a member', object({ a: { type: 'string', enum: ['x'] } }), { a: 'y' }, 'must be one of "x"'],
    ['number of a member', object({ a: { type: 'number' } }), { a: Number('1e400') }, 'must be number'],
    ['required', object({}, { required: ['a'] }), {}, 'is required'],
    ['dependentRequired', object({}, { dependentRequired: { a: ['b'] } }), { a: 1 }, 'is required'],
    ['additionalProperties', object({}, { additionalProperties: false }), { a: 1 }, 'is not a known property'],
    ['unevaluatedProperties', object({}, { unevaluatedProperties: false }), { a: 1 }, 'is not a known property'],
    ['a schema that is false', object({ a: false }), { a: 1 }, 'must not be sent'],
    ['enum', { enum: ['a"b', 1, null] }, 2, 'must be one of "a\\"b", 1, null'],
    [
      'a long enum',
      { enum: Array.from({ length: 12 }, (_, index) => index) },
      12,
      'must be one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, ...',
    ],
    ['enum of objects', { enum: [{ a: 1 }] }, { a: 2 }, 'must be one of {"a":1}'],
    ['const', { const: [1] }, [2], 'must be [1]'],
    ['format', { type: 'string', format: 'date' }, 'x', 'must be a valid date'],
    ['minLength', { type: 'string', minLength: 2 }, '', 'must not have fewer than 2 characters'],
    ['minItems', { type: 'array', minItems: 2 }, [], 'must not have fewer than 2 items'],
    ['maxProperties', object({}, { maxProperties: 0 }), { a: 1 }, 'must not have more than 0 properties'],
    ['minimum', { type: 'integer', minimum: 2 }, 1, 'must be >= 2'],
    ['multipleOf', { type: 'number', multipleOf: 0.01 }, 0.001, 'must be multiple of 0.01'],
    ['pattern', { type: 'string', pattern: '^a;errors' }, 'b', 'must match pattern "^a;errors"'],
    [
      'contains',
      { contains: { type: 'string' }, maxContains: 1 },
      ['a', 'b'],
      'must contain at least 1 and no more than 1 valid item(s)',
    ],
    ['not', { not: { type: 'string' } }, 'a', 'must not be valid'],
    ['oneOf', { oneOf: [{ type: 'string' }, { minLength: 0 }] }, 'a', 'must match exactly one schema in oneOf'],
    ['if', { if: { type: 'string' }, then: { maxLength: 1 } }, 'ab', 'must not have more than 1 characters'],
  ])('say what is wrong: %s', async (_, schema, value, detail) => {
    const found = (await compiled(schema)).body(value);
    expect(found).toEqual([{ pointer: expect.any(String), detail }]);
  });

  it('name members by their pointers, whatever their names are', async () => {
    const names = ['a/b~c', 'x y', '"', 'if(a){}', 'value', 'data'];
    const inner = object(Object.fromEntries(names.map((name) => [name, { type: 'string' }])));
    const value = Object.fromEntries(names.map((name) => [name, 1]));
    const expected = ['/a~1b~0c', '/x y', '/"', '/if(a){}', '/value', '/data'];
    expect(await refusals(inner, value)).toEqual(expected);
    expect(await refusals(object({ in: inner }), { in: value })).toEqual(expected.map((pointer) => `/in${pointer}`));
  });

  it('name a member that the value chose by its pointer', async () => {
    const schema = object({}, { additionalProperties: false });
    expect(await refusals(schema, { 'a/b~c': 1 })).toEqual(['/a~1b~0c']);
  });

  it('do not change a body', async () => {
    const { body } = await compiled(object({ a: { type: 'string', default: 'x' } }));
    const value = {};
    body(value);
    expect(value).toEqual({});
  });

  it('refuse readOnly properties in requests and writeOnly ones in responses, and require neither there', async () => {
    const schemas = {
      Line: object(
        { id: { type: 'string', readOnly: true }, key: { $ref: '#/components/schemas/Key' } },
        { required: ['id', 'key'] },
      ),
      Key: { type: 'string', writeOnly: true },
      Order: object({ lines: { type: 'array', items: { $ref: '#/components/schemas/Line' } } }),
    };
    const { body, answer } = await compiled({ $ref: '#/components/schemas/Order' }, schemas);
    expect(body({ lines: [{ key: 'k' }] })).toBeUndefined();
    expect(body({ lines: [{ key: 'k', id: 'i' }] })).toEqual([{ pointer: '/lines/0/id', detail: 'must not be sent' }]);
    expect(answer({ lines: [{ id: 'i' }] })).toBeUndefined();
    expect(answer({ lines: [{ id: 'i', key: 'k' }] })).toEqual([
      { pointer: '/lines/0/key', detail: 'must not be sent' },
    ]);
  });

  it('report errors of the branch that a discriminator selects', async () => {
    const branch = (kind: string, name: string): JsonObject =>
      object({ kind: { const: kind }, [name]: { type: 'string' } }, { required: ['kind', name] });
    const schemas = { Flat: branch('flat', 'price'), Tiered: branch('tiered', 'tiers') };
    const choice = {
      oneOf: [{ $ref: '#/components/schemas/Flat' }, { $ref: '#/components/schemas/Tiered' }],
      discriminator: { propertyName: 'kind' },
    };
    expect(await refusals(choice, { kind: 'flat' }, schemas)).toEqual(['/price']);
    expect(await refusals(choice, { kind: 'tiered', tiers: 'x' }, schemas)).toBeUndefined();
    expect(await refusals(choice, { kind: 'other' }, schemas)).toEqual(['/kind']);
    expect(await refusals(choice, {}, schemas)).toEqual(['/kind']);
  });

  it('ignore a discriminator if the branches do not fix its property', async () => {
    const open = object({ kind: { type: 'string' } }, { required: ['kind'] });
    const choice = {
      oneOf: [{ $ref: '#/components/schemas/A' }, { $ref: '#/components/schemas/B' }],
      discriminator: { propertyName: 'kind' },
    };
    expect(await refusals(choice, { kind: 'A' }, { A: open, B: open })).toEqual(['']);
  });

  it('fill in defaults of parameters', async () => {
    const limit: Param = {
      loc,
      name: 'limit',
      in: 'query',
      required: false,
      style: 'form',
      explode: true,
      schema: { type: 'integer', maximum: 9, default: 5 },
      shape: { kind: 'integer' },
    };
    const { module } = await compiled({}, {}, [limit]);
    const params = { query: {} };
    expect(fn(module, 'actParams')(params)).toBeUndefined();
    expect(params).toEqual({ query: { limit: 5 } });
    expect(fn(module, 'actParams')({ query: { limit: 10 } })).toEqual([
      { pointer: '/query/limit', detail: 'must be <= 9' },
    ]);
  });

  it('contain a shared schema once', async () => {
    const schemas = { Seat: object({ veryTelling: { type: 'string', pattern: '^unmistakable$' } }) };
    const { text } = await compiled({ $ref: '#/components/schemas/Seat' }, schemas);
    expect(text.match(/must match pattern/g)).toHaveLength(1);
  });

  it('report at most 20 errors, in time linear in the size of the body', async () => {
    const { body } = await compiled(
      { type: 'array', items: { $ref: '#/components/schemas/S' } },
      { S: object({ a: { type: 'string' } }) },
    );
    const started = performance.now();
    expect(body(Array.from({ length: 200_000 }, () => ({ a: 1 })))).toHaveLength(20);
    expect(performance.now() - started).toBeLessThan(30_000); // copying lists took minutes
  });

  it('are compiled for eight thousand parts, and equal parts share one', async () => {
    const api = apiOf(object({ a: { type: 'string' } }));
    const operations = api.operations.flatMap((operation) =>
      Array.from({ length: 4_000 }, (_, index) => ({ ...operation, id: `act${index}` })),
    );
    const { text } = await validatorsModule({ ...api, operations });
    const module = await modules.load(text);
    expect(fn(module, 'act3999200')({ a: 1 })).toEqual([{ pointer: '/a', detail: 'must be string' }]);
    expect(text.match(/^function /gm)).toHaveLength(1);
    // the formatter does not lay out a text of megabytes
    expect(text.split('\n').filter((line) => line.length > 300)).toEqual([]);
  });

  it.each([
    ['a chain', undefined],
    ['a circle', 'S0'],
  ])('are compiled for %s of three thousand references', async (_, last) => {
    const member = (name: string): JsonObject => object({ next: { $ref: `#/components/schemas/${name}` } });
    const links = Array.from({ length: 3_000 }, (__, index) => [`S${index}`, member(`S${index + 1}`)] as const);
    const end = last === undefined ? object({ next: false }) : member(last);
    const schemas: JsonObject = { ...Object.fromEntries(links), S3000: end };
    const { body } = await compiled({ $ref: '#/components/schemas/S0' }, schemas);
    expect(body({ next: { next: 1 } })).toEqual([{ pointer: '/next/next', detail: 'must be object' }]);
  });

  it.each([
    '^([a-z0-9]+)+@x$',
    '^(a|a|b)*$',
    '(x+x+)+y',
    '^(\\p{Lu}\\p{L}*\\s?)+!$',
    '^\\s+|\\s+$',
    'a*b?a*$',
    '^(?=(a+)+$)a*b?$',
    '^(?!(x+x+)+y)[axy]*$',
    '(?<=^(a|a)*)b',
    '(?<!(a+)+b)y$',
    '\\b(a+)+\\b@',
    '^(\\_|a|a)*$',
    '^(?=(?!x)(a|[^x])+$)(?!.*(@@|\\s$)).{2,5}$',
  ])('match the slow pattern %s like a regular expression, in time linear in the text', async (pattern) => {
    const { body } = await compiled({ type: 'string', pattern });
    const expression = expressionOf(pattern) ?? /$^/;
    const letters = fc.constantFrom('a', 'b', 'x', 'y', '@', ' ', 'É', '\u{1f600}', '\ud800');
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 9 }), (list) => {
        const text = list.join('');
        expect(body(text) === undefined, JSON.stringify(text)).toBe(expression.test(text));
      }),
    );
    for (const letter of ['a', 'x', ' ', 'É']) body(`${letter.repeat(300_000)}-`);
  });

  it.each<[string, (next: JsonObject) => JsonObject]>([
    ['allOf', (next) => ({ allOf: [next, next] })],
    ['anyOf', (next) => ({ anyOf: [{ maxProperties: 0, ...next }, next] })],
    ['oneOf', (next) => ({ oneOf: [next, { required: ['b'], ...next }] })],
    ['if', (next) => ({ if: next, then: next })],
    ['not', (next) => ({ not: { anyOf: [{ not: next }, { not: next }] } })],
    ['dependentSchemas', (next) => ({ dependentSchemas: { a: next }, ...next })],
    ['unevaluatedProperties', (next) => ({ allOf: [next, next], unevaluatedProperties: false })],
  ])('judge a value once per schema, however many ways lead there: %s', async (_, make) => {
    const layers = Array.from({ length: 12 }, (__, index) => [
      `L${index}`,
      make({ $ref: `#/components/schemas/L${index + 1}` }),
    ]);
    const last = object({ a: { type: 'string', minLength: 1 } });
    const { body } = await compiled(layers[0]?.[1] ?? true, { ...Object.fromEntries(layers), L12: last });
    let reads = 0;
    const value = Object.defineProperty({}, 'a', { enumerable: true, get: () => `${(reads += 1)}` });
    expect(body(value)).toBeUndefined();
    expect(reads).toBeLessThan(200); // 2 ** 12 at least, if each way judges the value again
  });

  it('judge the members of a value once, although each kind of filter has the same ones', async () => {
    const kinds = ['And', 'Or', 'Not'];
    const items = { $ref: '#/components/schemas/Filter' };
    const schemas: JsonObject = {
      Filter: { oneOf: kinds.map((kind) => ({ $ref: `#/components/schemas/${kind}` })) },
      ...Object.fromEntries(
        kinds.map((kind) => [
          kind,
          object({ op: { const: kind }, of: { type: 'array', items } }, { required: ['op'] }),
        ]),
      ),
    };
    const { body } = await compiled({ $ref: '#/components/schemas/Filter' }, schemas);
    const inside = (value: JsonValue): JsonValue =>
      Array.from({ length: 40 }).reduce<JsonValue>((of) => ({ op: 'Not', of: [of] }), value);
    expect(body(inside({ op: 'And' }))).toBeUndefined();
    expect(body(inside({ op: 'Nand' }))).toHaveLength(20);
  });

  it.each<[string, JsonObject, JsonValue, JsonValue]>([
    ['all', { items: { properties: { a: ref('Closed') } } }, [[], {}], [{ a: [[], 1] }, {}]],
    ['none', { properties: { a: ref('Closed') } }, [], [1]],
    ['some', { prefixItems: [{ properties: { a: ref('Closed') } }] }, [1], [1, 2]],
  ])('know that a schema which leads back has looked at %s of the items', async (amount, open, valid, other) => {
    const schemas = { Open: open, Closed: { allOf: [ref('Open')], unevaluatedItems: false } };
    const { body } = await compiled({ allOf: Object.keys(schemas).map(ref) }, schemas);
    expect(body(valid)).toBeUndefined();
    expect(body(other) === undefined).toBe(amount === 'all');
  });

  it('may have the name of one that the compiler makes', async () => {
    const names = Array.from({ length: 220 }, (_, index) => `S${index}`);
    const schemas = Object.fromEntries(names.map((name, index) => [name, { type: 'array', minItems: index }]));
    const api = apiOf({ allOf: names.map(ref) }, schemas);
    const renamed = { ...api, operations: api.operations.map((operation) => ({ ...operation, id: 'validate' })) };
    const { text } = await validatorsModule(renamed);
    expect(text).toContain('function validate200(');
    const validate = fn(await modules.load(text), 'validate200');
    expect(validate(Array.from({ length: 219 }))).toBeUndefined();
    expect(validate(Array.from({ length: 218 }))).toHaveLength(1);
  });

  it('compare many items in linear time', async () => {
    const { body } = await compiled({ type: 'array', uniqueItems: true });
    const items = Array.from({ length: 100_000 }, (_, a) => ({ a, b: [a] }));
    expect(body(items)).toBeUndefined();
    expect(body([...items, { b: [7], a: 7 }])).toEqual([{ pointer: '', detail: 'must not have equal items' }]);
  });

  it('are not made of a schema that the compiler refuses; that is a finding', async () => {
    const { failures } = await validatorsModule(apiOf({ type: 'string', pattern: '(' }));
    expect(failures.map(({ part }) => part.name)).toContain('actBody');
  });
});
