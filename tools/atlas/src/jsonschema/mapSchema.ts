import type { JsonObject, JsonValue } from '@atlas/ir';
import { ONE_SCHEMA, SCHEMA_LIST, SCHEMA_MAP } from './schemaKeys.ts';

/** Applies `change` to the schemas directly inside a schema, and leaves every other keyword as it is. */
export function mapSchemas(schema: JsonObject, change: (schema: JsonValue) => JsonValue): JsonObject {
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]): [string, JsonValue | undefined] => {
      if (value === undefined) return [key, value];
      if (ONE_SCHEMA.has(key)) return [key, change(value)];
      if (SCHEMA_LIST.has(key) && Array.isArray(value)) return [key, value.map((item: JsonValue) => change(item))];
      if (SCHEMA_MAP.has(key) && isObject(value))
        return [
          key,
          Object.fromEntries(
            Object.entries(value).map(([name, item]) => [name, item === undefined ? item : change(item)]),
          ),
        ];
      return [key, value];
    }),
  );
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a fragment reference (`#/components/schemas/Seat`) of a document; undefined where there is none. */
export function atRef(document: JsonObject, ref: string): JsonValue | undefined {
  let value: JsonValue | undefined = document;
  for (const token of decodeURIComponent(ref.slice(1)).split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(value)) value = value[Number(key)];
    else if (isObject(value)) value = Object.hasOwn(value, key) ? value[key] : undefined;
    else return undefined;
  }
  return value;
}
