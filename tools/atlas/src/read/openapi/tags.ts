import type { Cursor } from '../../document/cursor.ts';
import { expressionOf } from '../../jsonschema/pattern/expression.ts';
import { partsOf } from '../../jsonschema/walk.ts';
import type { HttpView } from './http.ts';
import { headerParam } from './messages.ts';

/**
 * What an entity tag is (RFC 9110, section 8.8.3): the version of a resource, which the plumbing writes and reads, or a
 * text that only the handler understands.
 */
export type TagKind = 'version' | 'opaque';

/** The kind of the tag that has this schema. */
export type TagKinds = (schema: Cursor | undefined) => TagKind;

/** The pattern of a tag that is a version, as findings propose it. */
export const VERSION_PATTERN = `'^"[1-9][0-9]{0,18}"$'`;

const VERSIONS = ['"1"', '"7"', '"42"'];
const OTHERS = ['"opaque"', '"9f86d081"', '"a1"', '"-1"', '"1-a"', '""'];

/** Whether the schema of a tag says which tags there are. */
export function hasTagPattern(schema: Cursor | undefined): boolean {
  return patternsOf(schema).length > 0;
}

function patternsOf(schema: Cursor | undefined): readonly string[] {
  return (schema ? partsOf(schema) : []).flatMap((part) => part.get('pattern')?.string() ?? []);
}

/** What kind of tag the pattern of a schema describes. Undefined if there is no pattern. */
function saidBy(schema: Cursor | undefined): TagKind | undefined {
  const patterns = patternsOf(schema);
  if (patterns.length === 0) return undefined;
  const takes = (tag: string): boolean => patterns.every((pattern) => expressionOf(pattern)?.test(tag) !== false);
  return VERSIONS.every(takes) && !OTHERS.some(takes) ? 'version' : 'opaque';
}

/**
 * The kind of each tag of a document, by the schema of its ETag or If-Match. A tag without a pattern is a version if
 * the patterns of other tags say "version".
 */
export function tagKindsOf({ operations }: HttpView): TagKinds {
  const said = new Set(
    operations.flatMap((operation) => {
      const given = operation.responses.flatMap(({ cursor }) => etagOf(cursor) ?? []);
      const param = headerParam(operation, 'If-Match');
      return [...given, ...(param ? [param.cursor] : [])].flatMap((tag) => saidBy(tag.get('schema')) ?? []);
    }),
  );
  const usual = said.size === 1 && said.has('version') ? 'version' : 'opaque';
  return (schema) => saidBy(schema) ?? usual;
}

/** The header ETag of a response, whose name ignores case. */
export function etagOf(response: Cursor): Cursor | undefined {
  return response
    .get('headers')
    ?.entries()
    .find(([name]) => name.toLowerCase() === 'etag')?.[1];
}

/** Whether a response header is an ETag that the handler gives. */
export function isHandlersTag(name: string, header: Cursor, kindOf: TagKinds): boolean {
  return name.toLowerCase() === 'etag' && kindOf(header.get('schema')) === 'opaque';
}
