import { isRecord } from '@atlas/ir';

/**
 * A text that is the same for equal JSON values, whatever the order of their keys. A key with the value undefined
 * counts as absent.
 */
export function deepKey(value: unknown): string {
  if (Array.isArray(value)) return value.length > LONG ? longKey(value) : listKey(value);
  if (!isRecord(value)) return JSON.stringify(value) ?? 'null';
  const entries = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${deepKey(value[key])}`);
  return `{${entries.join(',')}}`;
}

/** The texts of longer lists are kept, because the values of an enum are asked for again and again. */
const LONG = 8;
const known = new WeakMap<readonly unknown[], string>();

function longKey(list: readonly unknown[]): string {
  const key = known.get(list) ?? listKey(list);
  known.set(list, key);
  return key;
}

function listKey(list: readonly unknown[]): string {
  return `[${list.map(deepKey).join(',')}]`;
}
