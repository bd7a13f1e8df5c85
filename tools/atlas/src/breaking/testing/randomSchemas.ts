import type { JsonObject, JsonValue } from '@atlas/ir';
import fc from 'fast-check';

/** Few names, numbers and texts, so that two random schemas are about the same values. */
const NAMES = ['a', 'b', 'c'];
const PATTERNS = ['^a', 'b$', '^[ab]+$', '^.{2}$', 'a|b', '^(ab)*$', '^[^a]*$'];
const TYPES = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'];

const small = fc.integer({ min: 0, max: 3 });
const name = fc.constantFrom(...NAMES);
const scalar: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom<JsonValue>(null, true, false, 0, 1, 2, 3, 0.5, -1, 1.5, 6),
  fc.constantFrom<JsonValue>('', 'a', 'b', 'ab', 'aa', 'abc', 'x', '\n', '127.0.0.1', '2020-01-01'),
);

/** Values that the schemas of `schemas` are about. */
export const values: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...NAMES, 'ab', 'x'), tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

/** Keywords of one concern; a schema has some of them. */
function keywordsOf(child: fc.Arbitrary<JsonValue>): readonly fc.Arbitrary<JsonObject>[] {
  const maybe = (model: Record<string, fc.Arbitrary<JsonValue>>): fc.Arbitrary<JsonObject> =>
    fc.record(model, { requiredKeys: [], noNullPrototype: true });
  const list = (most: number): fc.Arbitrary<JsonValue[]> => fc.array(child, { minLength: 1, maxLength: most });
  const members = fc.dictionary(name, child, { minKeys: 1, maxKeys: 2, noNullPrototype: true });
  return [
    fc.constantFrom(...TYPES).map((type) => ({ type })),
    fc.uniqueArray(fc.constantFrom(...TYPES), { minLength: 1, maxLength: 3 }).map((type) => ({ type })),
    fc.uniqueArray(scalar, { minLength: 1, maxLength: 4 }).map((list) => ({ enum: list })),
    values.map((value) => ({ const: value })),
    maybe({
      minimum: fc.integer({ min: -2, max: 3 }),
      maximum: fc.integer({ min: -2, max: 6 }),
      exclusiveMinimum: fc.integer({ min: -2, max: 3 }),
      exclusiveMaximum: fc.integer({ min: -2, max: 6 }),
      multipleOf: fc.constantFrom(1, 2, 3, 0.5, 1.5),
    }),
    maybe({
      minLength: small,
      maxLength: small,
      pattern: fc.constantFrom(...PATTERNS),
      format: fc.constantFrom('ipv4', 'date', 'int32', 'uuid', 'unknown'),
    }),
    maybe({
      minItems: small,
      maxItems: small,
      uniqueItems: fc.boolean(),
      items: child,
      prefixItems: list(2),
      contains: child,
      minContains: small,
      maxContains: small,
    }),
    maybe({
      properties: members,
      required: fc.uniqueArray(name, { maxLength: 2 }),
      additionalProperties: fc.oneof(fc.constant(false), child),
      patternProperties: fc.dictionary(fc.constantFrom('^a', 'b'), child, { maxKeys: 2, noNullPrototype: true }),
      propertyNames: fc.oneof(
        fc.constantFrom(...PATTERNS).map((pattern) => ({ pattern })),
        fc.constant({ enum: ['a', 'b'] }),
      ),
      minProperties: small,
      maxProperties: small,
      dependentRequired: fc.dictionary(name, fc.uniqueArray(name, { minLength: 1, maxLength: 2 }), {
        maxKeys: 1,
        noNullPrototype: true,
      }),
      dependentSchemas: fc.dictionary(name, child, { maxKeys: 1, noNullPrototype: true }),
    }),
    list(3).map((anyOf) => ({ anyOf })),
    list(3).map((oneOf) => ({ oneOf })),
    list(2).map((allOf) => ({ allOf })),
    child.map((not) => ({ not })),
    fc.record({ if: child, then: child, else: child }, { requiredKeys: ['if'], noNullPrototype: true }),
    fc.record({ properties: members, unevaluatedProperties: fc.oneof(fc.constant(false), child) }),
    fc.record({ anyOf: list(2), unevaluatedProperties: fc.constant(false) }),
    fc.record({ prefixItems: list(2), unevaluatedItems: fc.oneof(fc.constant(false), child) }),
  ];
}

/** Schemas of all keywords of 2020-12 that the engine reads, without references. */
export const schemas: fc.Arbitrary<JsonValue> = fc.letrec<{ schema: JsonValue }>((tie) => {
  const parts = keywordsOf(tie('schema'));
  return {
    schema: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.oneof(fc.constantFrom<JsonValue>(true, {}), ...parts.slice(0, 6)),
      fc
        .uniqueArray(fc.nat({ max: parts.length - 1 }), { minLength: 1, maxLength: 3 })
        .chain((picked) => fc.tuple(...picked.map((index) => parts[index] ?? fc.constant({}))))
        .map((chosen): JsonValue => Object.assign({}, ...chosen)),
    ),
  };
}).schema;
