import { isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import { rewriteSchemas } from '../../jsonschema/walk.ts';

/**
 * A schema with `contains` that asks for an item refuses an empty list, and says so with `minItems`. Code of ajv 8 does
 * not look at an empty list: it repeats what it said of `contains` for the list before, or says nothing.
 */
export function askingForItems(schema: JsonObject): JsonObject {
  const { contains, minContains = 1, minItems = 0 } = schema;
  const least = contains === undefined || typeof minContains !== 'number' ? 0 : Math.ceil(minContains);
  return typeof minItems !== 'number' || least <= minItems ? schema : { ...schema, minItems: least };
}

/** The same for a schema and all schemas inside it. */
export function allAskingForItems(schema: JsonValue): JsonValue {
  return rewriteSchemas(schema, (inner) => (isObject(inner) ? askingForItems(inner) : inner));
}
