import { isObject, type JsonObject, type JsonValue } from '@atlas/ir';

/** `constructor`, `toString` and the like: what every object answers to, whether or not somebody put it there. */
export const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/**
 * A document in which no name is one that every object inherits, for a library that would take the inherited function for an
 * entry of its tables (and call it); `restore` gives a text made from it the true names back.
 */
export function withoutInherited(document: JsonObject): {
  readonly document: JsonObject;
  readonly restore: (text: string) => string;
} {
  const words = JSON.stringify(document);
  if (![...INHERITED].some((name) => words.includes(name))) return { document, restore: (text) => text };
  let mark = 'inherited_';
  while (words.includes(mark)) mark += '_';
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
