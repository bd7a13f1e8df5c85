import { childPointer, isObject, parsePointer, type JsonValue } from '@atlas/ir';
import type { RecordValue } from './records.ts';

/** A place in the headers or in the value of a record. */
export interface Location {
  readonly part: 'headers' | 'value';
  readonly path: readonly string[];
}

/** Reads a runtime expression (AsyncAPI 3.0, "Runtime Expression"). Undefined if it does not name exactly one value. */
export function locationOf(expression: string): Location | undefined {
  const [, part, pointer = ''] = /^\$message\.(header|payload)#(\/.+)$/.exec(expression) ?? [];
  const path = part === undefined ? undefined : parsePointer(pointer);
  return path && { part: part === 'header' ? 'headers' : 'value', path };
}

/** Whether two runtime expressions name the same spot of a record. */
export function isSamePlace(one: string, other: string): boolean {
  const [before, after] = [locationOf(one), locationOf(other)];
  return before && after ? JSON.stringify(before) === JSON.stringify(after) : one === other;
}

/** The place in a record, as a JSON Pointer. */
export function pointerOf({ part, path }: Location): string {
  return [part, ...path].reduce((pointer, key) => childPointer(pointer, key), '');
}

/** What a record has at a place; undefined if it has nothing there. */
export function valueAt(record: RecordValue, { part, path }: Location): JsonValue | undefined {
  let value: JsonValue | undefined = record[part];
  for (const key of path) value = isObject(value) ? value[key] : undefined;
  return value;
}

/** The record with another text at a place. Undefined if what leads there is missing, or something else is there. */
export function withText(record: RecordValue, { part, path }: Location, text: string): RecordValue | undefined {
  const put = (holder: JsonValue | undefined, at: number): JsonValue | undefined => {
    const key = path[at];
    if (key === undefined) return holder === undefined || typeof holder === 'string' ? text : undefined;
    if (!isObject(holder)) return undefined;
    const inner = put(holder[key], at + 1);
    return inner === undefined ? undefined : { ...holder, [key]: inner };
  };
  const changed = put(record[part] ?? (part === 'headers' ? {} : undefined), 0);
  if (changed === undefined) return undefined;
  if (part === 'value') return { ...record, value: changed };
  return isObject(changed) ? { ...record, headers: changed } : undefined;
}
