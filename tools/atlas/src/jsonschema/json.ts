import type { JsonObject, JsonValue } from '@atlas/ir';
import { parsePointer } from '../document/pointer.ts';

/** For values that came from a JSON or YAML reader, so that the members of an object are JSON as well. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** The value at a fragment reference (`#/components/schemas/Seat`) of a document; undefined where there is none. */
export function atRef(document: JsonObject, ref: string): JsonValue | undefined {
  let value: JsonValue | undefined = document;
  for (const token of parsePointer(decodeURIComponent(ref.slice(1))) ?? []) {
    if (isList(value)) value = value[Number(token)];
    else if (isObject(value)) value = Object.hasOwn(value, token) ? value[token] : undefined;
    else return undefined;
  }
  return value;
}
