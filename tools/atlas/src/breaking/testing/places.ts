import { childPointer, isList, isObject, parsePointer, type JsonObject, type JsonValue } from '@atlas/ir';
import type { Dialect } from '../../jsonschema/keywords.ts';
import { schemasIn } from '../../jsonschema/walk.ts';

export type Path = readonly string[];

/** The places of a document that a pattern names, where `*` is any key or index. */
export function placesOf(value: JsonValue | undefined, [first, ...rest]: Path): readonly Path[] {
  if (value === undefined) return [];
  if (first === undefined) return [[]];
  const keys = first === '*' ? (isObject(value) || isList(value) ? Object.keys(value) : []) : [first];
  return keys.flatMap((key) => placesOf(memberOf(value, key), rest).map((path) => [key, ...path]));
}

/** The value at a place. */
export function at(value: JsonValue | undefined, path: Path): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>(
    (here, key) => (here === undefined ? undefined : memberOf(here, key)),
    value,
  );
}

/** A copy with another value at a place; without the key or the item if that is undefined. */
export function withAt(value: JsonObject, path: Path, next: JsonValue | undefined): JsonObject {
  const changed = changedAt(value, path, next);
  return isObject(changed) ? changed : value;
}

function changedAt(
  value: JsonValue | undefined,
  [key, ...rest]: Path,
  next: JsonValue | undefined,
): JsonValue | undefined {
  if (key === undefined) return next;
  const inner = changedAt(value === undefined ? undefined : memberOf(value, key), rest, next);
  if (isList(value))
    return inner === undefined ? value.toSpliced(Number(key), 1) : value.toSpliced(Number(key), 1, inner);
  const members = isObject(value) ? value : {};
  if (inner !== undefined) return { ...members, [key]: inner };
  return Object.fromEntries(Object.entries(members).filter(([name]) => name !== key));
}

function memberOf(value: JsonValue, key: string): JsonValue | undefined {
  if (isList(value)) return value[Number(key)];
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

const SCHEMAS: readonly Path[] = [
  ['components', 'schemas', '*'],
  ...['paths', 'webhooks'].flatMap((root): readonly Path[] => [
    [root, '*', '*', 'parameters', '*', 'schema'],
    [root, '*', '*', 'parameters', '*', 'content', '*', 'schema'],
    [root, '*', '*', 'requestBody', 'content', '*', 'schema'],
    [root, '*', '*', 'responses', '*', 'content', '*', 'schema'],
    [root, '*', '*', 'responses', '*', 'headers', '*', 'schema'],
  ]),
];

/** The places of all schemas of an OpenAPI document, including those inside others. */
export function schemaPlaces(document: JsonObject): readonly Path[] {
  const dialect = dialectOf(document);
  return SCHEMAS.flatMap((pattern) => placesOf(document, pattern)).flatMap((path) =>
    [...schemasIn(at(document, path) ?? true, { dialect })].map(({ pointer }) => [
      ...path,
      ...(parsePointer(pointer) ?? []),
    ]),
  );
}

export function dialectOf({ openapi }: JsonObject): Dialect {
  return String(openapi).startsWith('3.0') ? 'openapi-3.0' : '2020-12';
}

export function pointerOf(path: Path): string {
  return path.reduce((pointer, key) => childPointer(pointer, key), '');
}
