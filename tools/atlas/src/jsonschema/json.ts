import { isList, isObject, parsePointer, type JsonObject, type JsonValue } from '@atlas/ir';

/** The value at a fragment reference (`#/components/schemas/Seat`) of a document. Undefined if there is none. */
export function atRef(document: JsonObject, ref: string): JsonValue | undefined {
  return atPointer(document, decodeURIComponent(ref.slice(1)));
}

/** The value at a JSON Pointer; `atRef` without an escape of URIs. */
export function atPointer(document: JsonObject, pointer: string): JsonValue | undefined {
  let value: JsonValue | undefined = document;
  for (const token of parsePointer(pointer) ?? []) {
    if (isList(value)) value = value[Number(token)];
    else if (isObject(value)) value = Object.hasOwn(value, token) ? value[token] : undefined;
    else return undefined;
  }
  return value;
}
