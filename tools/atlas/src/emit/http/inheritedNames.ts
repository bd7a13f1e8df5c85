import { isObject, type JsonObject, type JsonValue } from '@atlas/ir';

/** The names that every object inherits, such as `constructor` and `toString`. */
export const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/**
 * Renames everything in a document that has such a name, because openapi-typescript would take the inherited function
 * for an entry of its tables and call it. `restore` puts the names back in a text that was made from the document.
 */
export function withoutInherited(document: JsonObject): {
  readonly document: JsonObject;
  readonly restore: (text: string) => string;
} {
  const words = JSON.stringify(document);
  if (![...INHERITED].some((name) => words.includes(name))) return { document, restore: (text) => text };
  const mark = freeMark(words, 'inherited_');
  const named = (name: string): string => (INHERITED.has(name) ? `${mark}${name}` : name);
  const reference = (text: string): string => text.split('/').map(named).join('/');
  const renamed = (value: JsonValue | undefined): JsonValue => {
    if (typeof value === 'string') return value.startsWith('#/') ? reference(value) : named(value);
    if (Array.isArray(value)) return value.map((item: JsonValue) => renamed(item));
    return isObject(value) ? renamedObject(value) : (value ?? null);
  };
  const renamedObject = (object: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(object).map(([key, value]) => [named(key), renamed(value)]));
  return { document: renamedObject(document), restore: (text) => text.replaceAll(mark, '') };
}

/** The mark, made longer until no name in the text contains it. */
export function freeMark(text: string, mark: string): string {
  return text.includes(mark) ? freeMark(text, `${mark}_`) : mark;
}
