import { isObject, type JsonObject, type JsonValue } from '@atlas/ir';

/** The self-contained document of one service. */
export interface ApiDocument {
  readonly service: string;
  /** What comes before its paths; empty if nothing does. */
  readonly basePath: string;
  readonly document: JsonObject;
}

/** The members of a value that may be an object. */
export function membersOf(value: JsonValue | undefined): readonly (readonly [string, JsonValue])[] {
  return isObject(value)
    ? Object.entries(value).flatMap(([key, member]) => (member === undefined ? [] : [[key, member] as const]))
    : [];
}
