import type { Cursor } from '../../document/cursor.ts';
import { partsOf } from '../../jsonschema/walk.ts';

/** RFC 9457, section 3. */
export const PROBLEM = 'application/problem+json';

/** `application/json`, or a type with the suffix `+json` (RFC 6839). JSON has no parameters. */
export function isJson(mediaType: string): boolean {
  return /^(application\/json|[a-z]+\/[a-z0-9.!#$&^_-]+\+json)$/i.test(mediaType);
}

/** The values that a problem's `code` is restricted to, also by `allOf`. Empty if it is not restricted. */
export function problemCodes(schema: Cursor | undefined): readonly string[] {
  const [first, ...others] = schema ? partsOf(schema).flatMap(restriction) : [];
  return first ? first.filter((code) => others.every((list) => list.includes(code))) : [];
}

/** The values to which `const` or `enum` of a schema restricts `code`, if it does. */
function restriction(schema: Cursor): readonly (readonly string[])[] {
  const own = schema.at('properties', 'code');
  const constant = own?.get('const')?.string();
  if (constant !== undefined) return [[constant]];
  const listed = own?.get('enum')?.items();
  return listed ? [listed.flatMap((item) => item.string() ?? [])] : [];
}
