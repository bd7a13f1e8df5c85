import { parsePointer } from '@atlas/ir';
import { nameText, other, UNKNOWN, type Type } from './type.ts';

/**
 * The type that a reference into the document leads to: `components["schemas"]["Seat"]`. The members of a schema are
 * directly in its type. `last` is where a parameter is in the parameters of its type, instead of at an index.
 */
export function refType(ref: string, last?: readonly string[]): Type {
  const [first, ...tokens] = (parsePointer(decodeURIComponent(ref.slice(1))) ?? []).filter((token) => token !== '');
  if (first === undefined) return UNKNOWN;
  const path = tokens.filter((token, index) => index < 2 || token !== 'properties');
  const named = last !== undefined && path.length > 2 ? [...path.slice(0, -1), ...last] : path;
  return other(`${first}${named.map((token) => `[${nameText(token)}]`).join('')}`);
}
