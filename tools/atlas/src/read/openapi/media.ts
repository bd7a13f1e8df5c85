import type { Cursor } from '../../document/cursor.ts';
import { partsOf } from '../../jsonschema/walk.ts';

/** RFC 9457, section 3. */
export const PROBLEM = 'application/problem+json';

/** `application/json`, or any type with the suffix `+json` (RFC 6839); without parameters, which JSON has none of. */
export function isJson(mediaType: string): boolean {
  return /^(application\/json|[a-z]+\/[a-z0-9.!#$&^_-]+\+json)$/i.test(mediaType);
}

/** The values that a problem's `code` is restricted to, through `allOf`; empty where any is allowed. */
export function problemCodes(schema: Cursor | undefined): readonly string[] {
  const [first, ...others] = schema ? partsOf(schema).flatMap(restriction) : [];
  return first ? first.filter((code) => others.every((list) => list.includes(code))) : [];
}

/** The list that `const` or `enum` of a schema restricts `code` to, if they do. */
function restriction(schema: Cursor): readonly (readonly string[])[] {
  const own = schema.at('properties', 'code');
  const constant = own?.get('const')?.string();
  if (constant !== undefined) return [[constant]];
  const listed = own?.get('enum')?.items();
  return listed ? [listed.flatMap((item) => item.string() ?? [])] : [];
}
