import { isList, isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import { deepKey } from '../hashcons/deepKey.ts';
import { NAMES, type ApiSchemas } from './apiSchemas.ts';
import type { Dice } from './dice.ts';

/** What an edit of a schema may use. */
export interface EditedSchema {
  readonly schema: JsonObject;
  readonly dice: Dice;
  /** Makes new schemas. */
  readonly schemas: ApiSchemas;
  readonly isLatest: boolean;
  /** Whether a discriminator looks at the schema itself, and not only at what it accepts. */
  readonly isTagged: boolean;
}

/** Another schema in place of one; undefined if the edit does not fit. */
export type SchemaEdit = (edited: EditedSchema) => JsonValue | undefined;

/** Edits after which a schema accepts the same values. A finding about one is a false alarm. */
export const equalEdits: Readonly<Record<string, SchemaEdit>> = {
  describe: ({ schema, isLatest }) => (isLatest || !isRef(schema) ? { ...schema, description: 'Words.' } : undefined),
  deprecate: ({ schema, isLatest }) => (isLatest || !isRef(schema) ? { ...schema, deprecated: true } : undefined),
  'add a default': ({ schema }) => (isRef(schema) ? undefined : { ...schema, default: 1 }),
  'wrap in allOf': (edited) => (isMarked(edited) ? undefined : { allOf: [edited.schema] }),
  'wrap in anyOf': (edited) => (isMarked(edited) ? undefined : { anyOf: [edited.schema] }),
  'wrap in oneOf': (edited) => (isMarked(edited) ? undefined : { oneOf: [edited.schema] }),
  'say it twice': (edited) =>
    isRef(edited.schema) || isMarked(edited) ? undefined : { ...edited.schema, allOf: [edited.schema] },
  'reverse the keys': ({ schema }) => Object.fromEntries(Object.entries(schema).toReversed()),
  'reverse the enum': ({ schema }) => withList(schema, 'enum', (list) => list.toReversed()),
  'reverse the required': ({ schema }) => withList(schema, 'required', (list) => list.toReversed()),
  'reverse the branches': ({ schema }) =>
    withList(schema, 'anyOf', (list) => list.toReversed()) ?? withList(schema, 'oneOf', (list) => list.toReversed()),
  'repeat a branch': ({ schema }) => withList(schema, 'anyOf', ([first = {}, ...rest]) => [first, ...rest, first]),
  'one value as a constant': ({ schema, isLatest }) => {
    const { enum: listed, ...rest } = schema;
    return isLatest && isList(listed) && listed.length === 1 ? { ...rest, const: listed[0] } : undefined;
  },
  'bound of integers as an exclusive one': ({ schema, isLatest }) => {
    const { minimum, ...rest } = schema;
    const isOfIntegers = schema['type'] === 'integer' && schema['exclusiveMinimum'] === undefined;
    return isLatest && isOfIntegers && typeof minimum === 'number'
      ? { ...rest, exclusiveMinimum: minimum - 1 }
      : undefined;
  },
};

/** Edits that may break one side or the other. */
export const otherEdits: Readonly<Record<string, SchemaEdit>> = {
  'rename a property': ({ schema, dice }) =>
    withProperties(schema, dice, (properties, name) => {
      const { [name]: moved, ...rest } = properties;
      return { ...rest, [`${name}2`]: moved };
    }),
  'remove a property': ({ schema, dice }) =>
    withProperties(schema, dice, (properties, name) =>
      Object.fromEntries(Object.entries(properties).filter(([other]) => other !== name)),
    ),
  'add a property': ({ schema, dice, schemas }) =>
    withProperties(schema, dice, (properties) => ({ ...properties, [dice.pick([...NAMES, 'd'])]: schemas.any(1) })),
  'add a required property': ({ schema, schemas }) => {
    const { properties, required } = schema;
    if (!isObject(properties)) return undefined;
    const list = isList(required) ? required : [];
    return { ...schema, properties: { ...properties, d: schemas.any(1) }, required: [...list, 'd'] };
  },
  require: ({ schema, dice }) => {
    const names = Object.keys(isObject(schema['properties']) ? schema['properties'] : {});
    const required = isList(schema['required']) ? schema['required'] : [];
    const left = names.filter((name) => !required.includes(name));
    return left.length === 0 ? undefined : { ...schema, required: [...required, dice.pick(left)] };
  },
  'make optional': ({ schema, dice }) => withList(schema, 'required', (list) => without(list, dice)),
  'move a bound': ({ schema, dice }) => {
    const bounds = BOUNDS.filter((bound) => typeof schema[bound] === 'number');
    if (bounds.length === 0) return undefined;
    const bound = dice.pick(bounds);
    return { ...schema, [bound]: Math.max(LEAST[bound] ?? -2, Number(schema[bound]) + dice.pick([-1, 1])) };
  },
  'remove a bound': ({ schema, dice }) => {
    const bounds = [...BOUNDS, 'pattern', 'format', 'uniqueItems'].filter((bound) => schema[bound] !== undefined);
    if (bounds.length === 0) return undefined;
    const bound = dice.pick(bounds);
    return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== bound && !key.startsWith('exclusive')));
  },
  'add a bound': ({ schema, dice }) => {
    const [bound, value] = dice.pick(boundsOf(schema));
    return isRef(schema) || bound === '' ? undefined : { ...schema, [bound]: value };
  },
  'another type': ({ schema, dice }) => {
    const type = dice.pick(['string', 'integer', 'number', 'boolean', 'array', 'object']);
    if (isRef(schema) || schema['type'] === undefined) return undefined;
    return type === 'array' ? { ...schema, items: {}, type } : { ...schema, type };
  },
  'one more type': ({ schema, dice, isLatest }) => {
    const { type } = schema;
    const types = isList(type) ? type : [type ?? 'string'];
    const more = dice.pick(['string', 'integer', 'number', 'boolean', 'null', 'object']);
    return isLatest && type !== undefined && !types.includes(more) ? { ...schema, type: [...types, more] } : undefined;
  },
  'switch nullable': ({ schema, isLatest }) => {
    const { type } = schema;
    if (!isLatest) return type === undefined ? undefined : { ...schema, nullable: schema['nullable'] !== true };
    if (typeof type === 'string') return { ...schema, type: [type, 'null'] };
    const [first = 'string', ...others] = isList(type) ? type.filter((one) => one !== 'null') : [];
    return isList(type) ? { ...schema, type: others.length === 0 ? first : [first, ...others] } : undefined;
  },
  'add to the enum': ({ schema, dice }) =>
    withList(schema, 'enum', (list) => distinct([...list, dice.pick<JsonValue>(['c', 'abcd', 7, 'x'])])),
  'remove from the enum': ({ schema, dice }) =>
    withList(schema, 'enum', (list) => (list.length > 1 ? without(list, dice) : list)),
  'enum instead of any': ({ schema, dice }) => {
    if (schema['type'] === 'string')
      return { ...schema, enum: distinct(dice.pick([['a'], ['a', 'b', 'ab'], ['', 'a']])) };
    if (schema['type'] === 'boolean') return { ...schema, enum: dice.pick([[true], [true, false]]) };
    return schema['type'] === 'integer' ? { ...schema, enum: dice.pick([[0], [0, 1, 2], [1, 2, 3, 4, 5]]) } : undefined;
  },
  'any instead of enum': ({ schema }) => {
    const { enum: listed, const: _, ...rest } = schema;
    return listed === undefined && schema['const'] === undefined ? undefined : rest;
  },
  'another format': ({ schema, dice }) =>
    schema['type'] === 'string'
      ? { ...schema, format: dice.pick(['date', 'date-time', 'uuid', 'ipv4', 'email', 'uri', 'password']) }
      : undefined,
  'switch readOnly': ({ schema, isLatest }) =>
    isLatest || !isRef(schema) ? { ...schema, readOnly: schema['readOnly'] !== true } : undefined,
  'switch writeOnly': ({ schema, isLatest }) =>
    isLatest || !isRef(schema) ? { ...schema, writeOnly: schema['writeOnly'] !== true } : undefined,
  'another rule for further properties': ({ schema, dice, schemas }) => {
    if (schema['type'] !== 'object') return undefined;
    const { additionalProperties: _, ...rest } = schema;
    return dice.pick<JsonObject>([
      rest,
      { ...rest, additionalProperties: false },
      { ...rest, additionalProperties: true },
      { ...rest, additionalProperties: schemas.any(1) },
    ]);
  },
  'add a branch': ({ schema, schemas }) =>
    withList(schema, 'anyOf', (list) => [...list, schemas.any(1)]) ??
    withList(schema, 'oneOf', (list) => [...list, schemas.any(1)]) ??
    withList(schema, 'allOf', (list) => [...list, schemas.any(1)]),
  'remove a branch': ({ schema, dice }) => {
    const smaller = (list: readonly JsonValue[]) => (list.length > 1 ? without(list, dice) : list);
    return (
      withList(schema, 'anyOf', smaller) ?? withList(schema, 'oneOf', smaller) ?? withList(schema, 'allOf', smaller)
    );
  },
  'oneOf instead of anyOf': ({ schema }) => {
    const { anyOf, oneOf, ...rest } = schema;
    if (anyOf !== undefined && oneOf === undefined) return { ...rest, oneOf: anyOf };
    return oneOf !== undefined && anyOf === undefined ? { ...rest, anyOf: oneOf } : undefined;
  },
  'remove the discriminator': ({ schema }) => {
    const { discriminator, ...rest } = schema;
    return discriminator === undefined ? undefined : rest;
  },
  'another mapping': ({ schema, dice }) => {
    const { discriminator } = schema;
    if (!isObject(discriminator)) return undefined;
    const cat = '#/components/schemas/Cat';
    const mapping = dice.pick<JsonObject>([{ cat }, { Cat: cat, cat }, { Cat: 'Dog', Dog: 'Cat' }, {}]);
    return { ...schema, discriminator: { ...discriminator, mapping } };
  },
  'fix or free the kind': ({ schema, dice }) => {
    const { properties } = schema;
    if (!isObject(properties) || properties['kind'] === undefined) return undefined;
    const kind = dice.pick<JsonObject>([
      { type: 'string' },
      { type: 'string', enum: ['Cat'] },
      { type: 'string', enum: ['Dog', 'cat'] },
    ]);
    return { ...schema, properties: { ...properties, kind } };
  },
  'another keyword of 2020-12': ({ schema, dice, schemas, isLatest }) =>
    isLatest
      ? {
          ...schema,
          ...dice.pick<JsonObject>([
            { not: schemas.scalar() },
            { dependentRequired: { a: ['b'] } },
            { propertyNames: { pattern: '^[ab]+$' } },
            { contains: schemas.scalar() },
            { prefixItems: [schemas.scalar()] },
            { unevaluatedProperties: false },
            { if: { required: ['a'] }, then: { required: ['b'] } },
            { patternProperties: { '^a': schemas.scalar() } },
          ]),
        }
      : undefined,
  'another schema': ({ schemas }) => schemas.any(2),
  'any value': ({ isLatest }) => (isLatest ? {} : undefined),
};

const BOUNDS = [
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'multipleOf',
];
const LEAST: Readonly<Record<string, number>> = {
  minLength: 0,
  maxLength: 0,
  minItems: 0,
  maxItems: 0,
  minProperties: 0,
  maxProperties: 0,
  multipleOf: 1,
};

function boundsOf({ type }: JsonObject): readonly (readonly [string, JsonValue])[] {
  switch (isList(type) ? type[0] : type) {
    case 'string':
      return [
        ['minLength', 1],
        ['maxLength', 3],
        ['pattern', '^[ab]*$'],
        ['format', 'date'],
      ];
    case 'integer':
    case 'number':
      return [
        ['minimum', 0],
        ['maximum', 3],
        ['multipleOf', 2],
      ];
    case 'array':
      return [
        ['minItems', 1],
        ['maxItems', 2],
        ['uniqueItems', true],
      ];
    case 'object':
      return [
        ['minProperties', 1],
        ['maxProperties', 2],
      ];
    default:
      return [['', null]];
  }
}

function isRef(schema: JsonObject): boolean {
  return schema['$ref'] !== undefined;
}

/**
 * Whether a schema means something that is lost inside another one: `readOnly` and `writeOnly` of a property, and the
 * tag of a branch.
 */
function isMarked({ schema: { readOnly, writeOnly }, isTagged }: EditedSchema): boolean {
  return isTagged || readOnly !== undefined || writeOnly !== undefined;
}

function withList(
  schema: JsonObject,
  key: string,
  change: (list: readonly JsonValue[]) => readonly JsonValue[],
): JsonObject | undefined {
  const list = schema[key];
  return isList(list) && list.length > 0 ? { ...schema, [key]: change(list) } : undefined;
}

function withProperties(
  schema: JsonObject,
  dice: Dice,
  change: (properties: JsonObject, name: string) => JsonObject,
): JsonObject | undefined {
  const { properties } = schema;
  const names = isObject(properties) ? Object.keys(properties) : [];
  return isObject(properties) && names.length > 0
    ? { ...schema, properties: change(properties, dice.pick(names)) }
    : undefined;
}

function without(list: readonly JsonValue[], dice: Dice): readonly JsonValue[] {
  return list.toSpliced(dice.below(list.length), 1);
}

function distinct(list: readonly JsonValue[]): readonly JsonValue[] {
  return [...new Map(list.map((value) => [deepKey(value), value])).values()];
}
