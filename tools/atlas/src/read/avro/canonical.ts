import { isList, isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import type { Cursor } from '../../document/cursor.ts';
import { inNamespace, namespaceOf } from './names.ts';
import type { Around } from './schemaParser.ts';

/** Avro's own attributes in the order of the text. Other attributes come last, sorted. */
const FIRST = ['type', 'name', 'namespace', 'aliases', 'doc', 'symbols', 'size', 'items', 'values', 'fields'];
const THEN = ['default', 'order', 'logicalType', 'precision', 'scale'];

/**
 * The attributes of a schema or field in canonical order: those of `parsed` as given, the others as written, except
 * those of `without`.
 */
export function canonicalObject(cursor: Cursor, parsed: JsonObject, without: readonly string[] = []): JsonObject {
  const written = cursor
    .entries()
    .filter(([key]) => !without.includes(key) && !Object.hasOwn(parsed, key))
    .map(([key, child]): [string, JsonValue] => [key, plain(child)]);
  return Object.fromEntries(
    [...written, ...Object.entries(parsed)].toSorted(
      ([left], [right]) => rank(left) - rank(right) || (left < right ? -1 : 1),
    ),
  );
}

/** A record, enum or fixed, with its full name and full aliases. */
export function canonicalDefinition(
  cursor: Cursor,
  name: string,
  aliases: readonly string[],
  around: Around,
  parsed: JsonObject = {},
): JsonObject {
  const namespace = namespaceOf(name);
  const full = aliases.map((alias) => inNamespace(alias, namespace));
  return canonicalObject(
    cursor,
    {
      ...parsed,
      name,
      // Without it, the name would belong to the namespace around it.
      ...(namespace === '' && around.namespace !== '' ? { namespace } : {}),
      ...(full.length > 0 ? { aliases: full } : {}),
    },
    ['namespace', 'aliases'],
  );
}

function rank(key: string): number {
  const first = FIRST.indexOf(key);
  const then = THEN.indexOf(key);
  return first !== -1 ? first : then !== -1 ? 100 + then : 200;
}

/** The value with its references resolved: a schema inside an AsyncAPI document may have them. */
export function plain(cursor: Cursor): JsonValue {
  if (isList(cursor.value)) return cursor.items().map(plain);
  if (!isObject(cursor.value)) return cursor.value;
  return Object.fromEntries(cursor.entries().map(([key, child]) => [key, plain(child)]));
}
