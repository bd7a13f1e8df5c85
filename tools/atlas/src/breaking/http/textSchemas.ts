import { childPointer, isList, isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import type { SchemaPlace } from '../schemas.ts';
import type { Placed } from '../sides/version.ts';
import type { Api, Parameter } from './api.ts';

/** A parameter or a header, and the version that has it. */
export type Side = readonly [api: Api, parameter: Parameter];

const INTEGER = '(?:0|[1-9][0-9]*)';
const NUMBER = `${INTEGER}(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?`;

/**
 * The schemas of the writer and of the reader of a parameter, as texts on the wire. One text is also an exploded list
 * of one item, and a reader of text also reads numbers and booleans. The schema of the writer may allow more texts than
 * it writes, so that "covered" is certain. A witness is checked with what the writer accepts.
 */
export function asTexts(writer: Side, reader: Side): readonly [SchemaPlace | undefined, SchemaPlace | undefined] {
  const [, { schema: written, isJson }] = writer;
  const [, { schema: read }] = reader;
  if (!written || !read) return [undefined, undefined];
  if (isJson || reader[1].isJson) return [{ pointer: written.pointer }, { pointer: read.pointer }];
  const source = followed(writer[0], written);
  const from = typesOf(source);
  const item = from.includes('array') || from.length === 0 ? undefined : itemOf(reader, read);
  const to = typesOf(followed(reader[0], item ?? read));
  const isText = to.includes('string') && !from.every((type) => to.includes(type) || isWithin(type, to));
  const texts = isText ? textsOf(source, from) : undefined;
  return [
    { pointer: written.pointer, ...(texts ? { schema: texts } : {}) },
    item ? { pointer: item.pointer, schema: item.value } : { pointer: read.pointer },
  ];
}

function isWithin(type: string, types: readonly string[]): boolean {
  return type === 'integer' && types.includes('number');
}

function followed({ version }: Api, { value, pointer }: Placed): JsonValue | undefined {
  return version.follow(value, pointer)?.value;
}

/** The types that a schema names, or those of the values that it lists. Empty if it does neither. */
function typesOf(schema: JsonValue | undefined): readonly string[] {
  if (!isObject(schema)) return [];
  const { type, enum: listed } = schema;
  if (typeof type === 'string') return schema['nullable'] === true ? [type, 'null'] : [type];
  if (isList(type)) return type.filter((one) => typeof one === 'string');
  const values = isList(listed) ? listed : Object.hasOwn(schema, 'const') ? [schema['const']] : [];
  return [...new Set(values.map((value) => (isList(value) ? 'array' : value === null ? 'null' : typeof value)))];
}

/** Keywords of a list that restrict neither the number of items nor their combination. */
const OF_ANY_LIST: ReadonlySet<string> = new Set(['type', 'items', 'title', 'description', 'example', 'default']);

/** The items of an exploded list of a query, if one item is enough. */
function itemOf([api, { in: where, style, explode }]: Side, placed: Placed): Placed | undefined {
  const list = api.version.follow(placed.value, placed.pointer);
  if (where !== 'query' || !explode || style === 'deepObject' || !isObject(list?.value)) return undefined;
  // Keywords beside a reference count, too.
  if (isObject(placed.value) && placed.value['$ref'] !== undefined && Object.keys(placed.value).length > 1)
    return undefined;
  const { type, items } = list.value;
  if (type !== 'array' || Object.keys(list.value).some((key) => !OF_ANY_LIST.has(key))) return undefined;
  return { pointer: childPointer(list.pointer, 'items'), value: items ?? true };
}

/** A schema of the texts of numbers, booleans and strings; undefined if the schema has other values too. */
function textsOf(schema: JsonValue | undefined, types: readonly string[]): JsonObject | undefined {
  if (!isObject(schema)) return undefined;
  const { enum: listed, const: only } = schema;
  const values = isList(listed) ? listed : only === undefined ? undefined : [only];
  if (values) return values.some((one) => one === null || typeof one === 'object') ? undefined : enumOf(values);
  const ofTypes = types.map((type): JsonObject | undefined => {
    if (type === 'string') return { ...schema, type };
    if (type === 'boolean') return enumOf([true, false]);
    if (type !== 'integer' && type !== 'number') return undefined;
    const { minimum } = schema;
    const sign = typeof minimum === 'number' && minimum >= 0 ? '' : '-?';
    return { type: 'string', pattern: `^${sign}${type === 'integer' ? INTEGER : NUMBER}$` };
  });
  const known = ofTypes.filter((one) => one !== undefined);
  return known.length < types.length || known.length === 0 ? undefined : { anyOf: known };
}

function enumOf(values: readonly (JsonValue | undefined)[]): JsonObject {
  return { type: 'string', enum: [...new Set(values.map(String))] };
}
