import { isList, type JsonObject, type JsonValue } from '@atlas/ir';
import { isCheckedFormat, type Dialect } from '../../jsonschema/keywords.ts';
import { deepKey } from '../hashcons/deepKey.ts';
import type { JsonType, Keywords } from '../hashcons/keywords.ts';

const TYPES: ReadonlySet<string> = new Set(['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']);

const NUMBERS = [
  'maxContains',
  'maxItems',
  'maxLength',
  'maxProperties',
  'maximum',
  'minContains',
  'minItems',
  'minLength',
  'minProperties',
  'minimum',
] as const;

type Member = readonly [keyword: keyof Keywords, value: Keywords[keyof Keywords]];

/** The keywords of a schema that contain no schemas, as 2020-12 names them. */
export function constraintsOf(schema: JsonObject, dialect: Dialect): readonly Member[] {
  const members: Member[] = [];
  const types = typesOf(schema, dialect);
  if (types !== undefined) members.push(['types', types]);
  const values = valuesOf(schema, dialect);
  if (values !== undefined) members.push(['enum', values]);
  for (const key of NUMBERS) {
    const value = schema[key];
    // a lower bound of zero says nothing, and would make two equal schemas differ
    if (typeof value === 'number' && !(value <= 0 && IDLE.has(key))) members.push([key, value]);
  }
  const { multipleOf } = schema;
  if (typeof multipleOf === 'number' && multipleOf > 0) members.push(['multipleOf', multipleOf]);
  members.push(
    ...exclusive(schema, 'exclusiveMinimum', 'minimum'),
    ...exclusive(schema, 'exclusiveMaximum', 'maximum'),
  );
  if (typeof schema['pattern'] === 'string') members.push(['pattern', schema['pattern']]);
  const { format } = schema;
  if (typeof format === 'string' && isCheckedFormat(format)) members.push(['format', format]);
  if (schema['uniqueItems'] === true) members.push(['uniqueItems', true]);
  const dependent = dependentOf(schema['dependentRequired']);
  if (dependent.length > 0) members.push(['dependentRequired', dependent]);
  return members;
}

const IDLE: ReadonlySet<string> = new Set(['minItems', 'minLength', 'minProperties']);

/** In OpenAPI 3.0 `nullable` adds null to the types beside it, and means nothing without them (3.0.3, 4.7.24). */
function typesOf(schema: JsonObject, dialect: Dialect): readonly JsonType[] | undefined {
  const { type } = schema;
  const list = isList(type) ? type : typeof type === 'string' ? [type] : undefined;
  if (list === undefined) return undefined;
  const nullable = dialect === 'openapi-3.0' && schema['nullable'] === true ? ['null'] : [];
  return [...new Set([...list, ...nullable])].filter((name) => isType(name)).toSorted();
}

function isType(value: JsonValue): value is JsonType {
  return typeof value === 'string' && TYPES.has(value);
}

/** A number since draft 6. Before that, and in OpenAPI 3.0, a boolean that changes the bound beside it. */
function exclusive(
  schema: JsonObject,
  key: 'exclusiveMinimum' | 'exclusiveMaximum',
  bound: 'minimum' | 'maximum',
): readonly Member[] {
  const value = schema[key] === true ? schema[bound] : schema[key];
  return typeof value === 'number' ? [[key, value]] : [];
}

/** `enum` and `const` as one list; empty if the constant is not in the list. */
function valuesOf(schema: JsonObject, dialect: Dialect): readonly JsonValue[] | undefined {
  const { enum: listed } = schema;
  const constant = dialect === 'openapi-3.0' ? undefined : schema['const'];
  if (constant === undefined) return isList(listed) ? distinct(listed) : undefined;
  const key = deepKey(constant);
  return isList(listed) && !listed.some((value) => deepKey(value) === key) ? [] : [constant];
}

const sortedLists = new WeakMap<readonly JsonValue[], readonly JsonValue[]>();

/** The same list for the same input, because a schema is read in several views. */
function distinct(values: readonly JsonValue[]): readonly JsonValue[] {
  const known = sortedLists.get(values) ?? sortedDistinct(values);
  sortedLists.set(values, known);
  return known;
}

function sortedDistinct(values: readonly JsonValue[]): readonly JsonValue[] {
  const byKey = new Map(values.map((value) => [deepKey(value), value]));
  return [...byKey].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}

function dependentOf(value: JsonValue | undefined): readonly (readonly [string, readonly string[]])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).map(([name, names]: [string, JsonValue | undefined]) => [
    name,
    isList(names) ? names.filter((other) => typeof other === 'string').toSorted() : [],
  ]);
}
