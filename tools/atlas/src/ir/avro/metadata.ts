import type { JsonObject } from '@atlas/ir';
import type { Cursor } from '../../load/index.ts';

/** Attributes that the specification gives a meaning, in the order that the schema's text has them. */
const ORDER = ['doc', 'aliases', 'default', 'order', 'logicalType', 'precision', 'scale'];

/** All attributes but `without`: known ones in their fixed order, then those of the author's own, sorted. */
export function metadata(cursor: Cursor, without: readonly string[]): JsonObject {
  const members = cursor
    .entries()
    .filter(([key]) => !without.includes(key))
    .map(([key, { value }]) => [key, value] as const);
  const rank = (key: string): number => (ORDER.includes(key) ? ORDER.indexOf(key) : ORDER.length);
  return Object.fromEntries(members.toSorted(([left], [right]) => rank(left) - rank(right) || (left < right ? -1 : 1)));
}
