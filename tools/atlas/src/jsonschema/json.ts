import { isList, isObject, parsePointer, type JsonObject, type JsonValue } from '@atlas/ir';

/** The value at a fragment reference (`#/components/schemas/Seat`) of a document. Undefined if there is none. */
export function atRef(document: JsonObject, ref: string): JsonValue | undefined {
  let value: JsonValue | undefined = document;
  for (const token of parsePointer(decodeURIComponent(ref.slice(1))) ?? []) {
    if (isList(value)) value = value[Number(token)];
    else if (isObject(value)) value = Object.hasOwn(value, token) ? value[token] : undefined;
    else return undefined;
  }
  return value;
}
