import type { Cursor } from '../../document/cursor.ts';

/** RFC 9457, section 3. */
export const PROBLEM = 'application/problem+json';

/** `application/json` or any type with the suffix `+json` (RFC 6839), without parameters, because JSON has none. */
export function isJson(mediaType: string): boolean {
  return /^(application\/json|[a-z]+\/[a-z0-9.!#$&^_-]+\+json)$/i.test(mediaType);
}

/** The values that a problem's `code` may have, also through `allOf`; empty where any value is allowed. */
export function problemCodes(schema: Cursor | undefined): readonly string[] {
  if (!schema) return [];
  const lists = restrictions(schema, 0);
  const [first, ...others] = lists;
  return first ? first.filter((code) => others.every((list) => list.includes(code))) : [];
}

function restrictions(schema: Cursor, depth: number): readonly (readonly string[])[] {
  if (depth > 5) return [];
  const own = schema.at('properties', 'code');
  const constant = own?.get('const')?.string();
  const listed = constant === undefined ? own?.get('enum')?.items() : undefined;
  const here = constant === undefined ? listed?.flatMap((item) => item.string() ?? []) : [constant];
  const parts = (schema.get('allOf')?.items() ?? []).flatMap((part) => restrictions(part, depth + 1));
  return here ? [here, ...parts] : parts;
}
