import { hash } from 'node:crypto';
import { isList, isObject, parsePointer, type JsonObject, type JsonValue } from '@atlas/ir';

/** The value at a fragment reference (`#/components/schemas/Seat`) of a document. Undefined if there is none. */
export function atRef(document: JsonObject, ref: string): JsonValue | undefined {
  return atPointer(document, decodeURIComponent(ref.slice(1)));
}

/** The value at a JSON Pointer; like `atRef`, but without the escapes of URIs. */
export function atPointer(document: JsonObject, pointer: string): JsonValue | undefined {
  let value: JsonValue | undefined = document;
  for (const token of parsePointer(pointer) ?? []) {
    if (isList(value)) value = value[Number(token)];
    else if (isObject(value)) value = Object.hasOwn(value, token) ? value[token] : undefined;
    else return undefined;
  }
  return value;
}

const texts = new WeakMap<JsonObject, string>();
const hashes = new WeakMap<JsonObject, string>();

/** JSON.stringify for a document whose hash is read later, because it takes a while for megabytes. */
export function documentText(document: JsonObject): string {
  const text = texts.get(document) ?? JSON.stringify(document);
  if (!hashes.has(document)) texts.set(document, text);
  return text;
}

/** The SHA-256 of a document's text. It lets go of the text, which nobody reads again. */
export function documentHash(document: JsonObject): string {
  const known = hashes.get(document) ?? hash('sha256', documentText(document));
  hashes.set(document, known);
  texts.delete(document);
  return known;
}

/** Whether a `$ref` in a value passes a test. Those in examples and other data count, too. */
export function someRef(value: JsonValue, test: (ref: string) => boolean): boolean {
  const stack: JsonValue[] = [value];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    const ref = isObject(next) ? next['$ref'] : undefined;
    if (typeof ref === 'string' && test(ref)) return true;
    for (const child of Object.values(next)) if (typeof child === 'object' && child !== null) stack.push(child);
  }
  return false;
}
