import type { JsonObject, JsonValue } from '@atlas/ir';
import fc from 'fast-check';

const NAMES = ['a', 'b', 'c'] as const;
const SHARED = ['S0', 'S1', 'S2'] as const;
const name = fc.constantFrom(...NAMES);
const schemaRef = fc.constantFrom(...SHARED).map((to): JsonObject => ({ $ref: `#/components/schemas/${to}` }));

/** Values that random schemas often, and often nearly, accept. */
export const values: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    fc.constantFrom<JsonValue[]>(null, true, 0, -0, 1, 2.5, 1e21, '', 'x', 'a"\\\n', '\u2028\ud800', '2020-02-02'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

/** The same values as handlers return them: members and items may be undefined. */
export const answers: fc.Arbitrary<unknown> = fc
  .tuple(values, fc.boolean())
  .map(([value, hasHoles]) => (hasHoles ? withHoles(value) : value));

/** Replaces nulls and empty texts inside a value by undefined. */
function withHoles(value: unknown): unknown {
  const inside = (item: unknown): unknown => (item === '' || item === null ? undefined : withHoles(item));
  if (Array.isArray(value)) return value.map(inside);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inside(item)]));
}

const type = fc.constantFrom('object', 'array', 'string', 'integer', 'number', 'boolean', 'null');

/** A random schema. `refs` says whether it may itself be a reference to a shared schema, or only contain one. */
const { schema } = fc.letrec<{ schema: JsonValue; properties: JsonObject; plain: JsonObject; list: JsonValue[] }>(
  (tie) => ({
    properties: fc.dictionary(name, tie('schema'), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
    list: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }),
    plain: fc.record<JsonObject>(
      {
        type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 3 })),
        properties: tie('properties'),
        required: fc.uniqueArray(name, { minLength: 1, maxLength: 2 }),
        additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
        items: tie('schema'),
        minimum: fc.constantFrom(0, 2),
        maxItems: fc.constantFrom(1, 100),
        format: fc.constant('date'),
      },
      { requiredKeys: [], noNullPrototype: true },
    ),
    schema: fc.oneof(
      { depthSize: 'small', maxDepth: 4 },
      fc.constantFrom<JsonValue[]>(
        true,
        false,
        {},
        { type: 'object' },
        { type: 'string' },
        { const: 1 },
        { enum: ['x', 1, null] },
      ),
      schemaRef,
      tie('plain'),
      tie('plain'),
      tie('list').map((allOf): JsonObject => ({ allOf })),
      tie('list').map((oneOf): JsonObject => ({ oneOf })),
      tie('list').map((anyOf): JsonObject => ({ anyOf })),
      tie('schema').map((not): JsonObject => ({ not })),
      tie('schema').map((contains): JsonObject => ({ contains })),
      fc.tuple(tie('plain'), tie('list')).map(([own, allOf]): JsonObject => ({ ...own, allOf })),
      fc.tuple(tie('plain'), schemaRef).map(([own, reference]): JsonObject => ({ ...own, ...reference })),
      fc
        .tuple(tie('schema'), tie('schema'), tie('schema'))
        .map(([condition, then, otherwise]): JsonObject => ({ if: condition, then, else: otherwise })),
      tie('properties').map((patterns): JsonObject => ({
        patternProperties: Object.fromEntries(Object.entries(patterns).map(([key, value]) => [`^${key}`, value])),
      })),
      tie('properties').map((properties): JsonObject => ({ properties, unevaluatedProperties: false })),
    ),
  }),
);

/** A shared schema does not refer to itself for the same value, because the validators of such a circle never end. */
const shared = schema.map((inner): JsonObject => ({
  type: ['object', 'array', 'string'],
  properties: { a: inner },
  items: inner,
}));
const flat = fc.constantFrom<JsonObject[]>(
  { properties: { a: { type: 'string' } }, required: ['a'] },
  { type: 'object', properties: { b: { type: 'integer' } }, required: ['b'] },
  { type: 'object' },
  { type: 'object', required: ['a', 'b'], additionalProperties: false, properties: { a: {}, b: {} } },
);

/** A schema, and the shared schemas that it may refer to. */
export const schemaSets: fc.Arbitrary<{ readonly schema: JsonValue; readonly schemas: JsonObject }> = fc.record({
  schema,
  schemas: fc.tuple(shared, flat, fc.oneof(flat, shared)).map(([S0, S1, S2]): JsonObject => ({ S0, S1, S2 })),
});

const { looking } = fc.letrec<{ looking: JsonValue; members: JsonObject; patterns: JsonObject; parts: JsonValue[] }>(
  (tie) => ({
    members: fc.dictionary(name, tie('looking'), { minKeys: 1, maxKeys: 2, noNullPrototype: true }),
    patterns: tie('members').map((members) =>
      Object.fromEntries(Object.entries(members).map(([key, inner]) => [`^${key}`, inner])),
    ),
    parts: fc.array(tie('looking'), { minLength: 1, maxLength: 3 }),
    looking: fc.oneof(
      { depthSize: 'small', maxDepth: 3 },
      fc.constantFrom<JsonValue[]>(true, false, { type: 'string' }, { const: 1 }, { required: ['a'] }, { minItems: 1 }),
      schemaRef,
      fc.record<JsonObject>(
        {
          properties: tie('members'),
          patternProperties: tie('patterns'),
          additionalProperties: tie('looking'),
          dependentSchemas: tie('members'),
          prefixItems: tie('parts'),
          items: tie('looking'),
          contains: tie('looking'),
          allOf: tie('parts'),
          anyOf: tie('parts'),
          oneOf: tie('parts'),
          not: tie('looking'),
          if: tie('looking'),
          then: tie('looking'),
          else: tie('looking'),
          unevaluatedProperties: fc.oneof(fc.constant(false), tie('looking')),
          unevaluatedItems: fc.oneof(fc.constant(false), tie('looking')),
        },
        { requiredKeys: [], noNullPrototype: true },
      ),
      tie('parts').map((anyOf): JsonObject => ({ items: { anyOf, unevaluatedProperties: false } })),
      fc
        .tuple(tie('patterns'), tie('parts'))
        .map(([patternProperties, anyOf]): JsonObject => ({ patternProperties, anyOf, unevaluatedProperties: false })),
    ),
  }),
);

/** Schemas in which it matters which members and items of a value other schemas have looked at. */
export const lookingSchemaSets: typeof schemaSets = fc.record({
  schema: looking,
  schemas: fc.tuple(looking, fc.constantFrom('items', 'prefixItems'), flat).map(([inner, keyword, S1]): JsonObject => ({
    S0: { properties: { a: inner }, [keyword]: keyword === 'items' ? inner : [inner] },
    S1,
    S2: { anyOf: [S1, true] },
  })),
});

const { member } = fc.letrec<{ member: JsonValue; object: JsonObject }>((tie) => ({
  object: fc
    .tuple(fc.dictionary(name, tie('member'), { maxKeys: 3, noNullPrototype: true }), fc.boolean())
    .map(([properties, isNullable]): JsonObject => ({
      type: isNullable ? ['object', 'null'] : 'object',
      additionalProperties: false,
      properties,
    })),
  member: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    fc.uniqueArray(type, { minLength: 1, maxLength: 3 }).map((types): JsonObject => ({ type: types })),
    fc.constantFrom<JsonValue[]>(true, {}, { type: 'string', format: 'date' }, { type: 'number' }, { type: 'array' }),
    schemaRef,
    tie('object'),
    tie('object'),
    tie('member').map((items): JsonObject => ({ type: 'array', items })),
    tie('member').map((additionalProperties): JsonObject => ({ type: 'object', additionalProperties })),
    fc
      .tuple(tie('member'), tie('member'))
      .map(([a, additionalProperties]): JsonObject => ({ type: 'object', properties: { a }, additionalProperties })),
  ),
}));

/** Schemas for objects that allow no further members or only further members of one schema. */
export const closedSchemaSets: typeof schemaSets = fc
  .tuple(member, member, member, member)
  .map(([root, S0, S1, S2]) => ({ schema: root, schemas: { S0: closed(S0), S1: closed(S1), S2: closed(S2) } }));

/** A schema that refers to others only for its members. */
function closed(a: JsonValue): JsonObject {
  return { type: 'object', additionalProperties: false, properties: { a } };
}

/** A schema in which several ways lead to the same schema for the same value, in circles through members and items. */
function layer(...next: readonly string[]): fc.Arbitrary<JsonObject> {
  const inside = fc
    .constantFrom('L0', 'L1', 'L2', 'L3')
    .map((to): JsonObject => ({ $ref: `#/components/schemas/${to}` }));
  const below = fc.constantFrom(...next).map((to): JsonObject => ({ $ref: `#/components/schemas/${to}` }));
  const members = fc.dictionary(name, fc.oneof(inside, inside, flat), {
    minKeys: 1,
    maxKeys: 2,
    noNullPrototype: true,
  });
  const children = fc.record<JsonObject>(
    { properties: members, items: inside, required: fc.constant(['a']), additionalProperties: inside },
    { requiredKeys: [], noNullPrototype: true },
  );
  const parts = fc.array(fc.oneof(below, below, children), { minLength: 2, maxLength: 3 });
  const looks = fc.constantFrom<JsonObject[]>({}, {}, { unevaluatedProperties: false }, { unevaluatedItems: false });
  return fc
    .tuple(fc.constantFrom('allOf', 'allOf', 'anyOf', 'oneOf'), parts, children, looks)
    .map(([keyword, list, own, look]) => ({ ...own, [keyword]: list, ...look }));
}

/** Schemas whose validators would judge some values again and again. */
export const layeredSchemaSets: typeof schemaSets = fc
  .tuple(layer('L1', 'L2'), layer('L2', 'L3'), layer('L3'), shared)
  .map(([L0, L1, L2, last]) => ({
    schema: { $ref: '#/components/schemas/L0' },
    schemas: { L0, L1, L2, L3: JSON.parse(JSON.stringify(last).replaceAll('schemas/S', 'schemas/L')) },
  }));
