import type { Finding } from '../../../diagnostics/diagnostic.ts';
import type { Cursor } from '../../../document/cursor.ts';
import type { Rule } from '../../rule.ts';
import { isHeaderName, isPlumbingHeader } from '../../../read/openapi/messages.ts';
import { primitiveOf } from '../../../read/openapi/shape.ts';
import { isHandlersTag, tagKindsOf, type TagKinds } from '../../../read/openapi/tags.ts';

/** The server sets the headers that frame a message. A handler that set them too would break the response. */
const FRAMING = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

export const headerName: Rule = {
  code: 'ATL2030',
  title: 'invalid header',
  explain: {
    why: 'A header name is a token (RFC 9110). The server sets the headers that frame the message, such as Content-Length. A handler gives a string, a number or a boolean as the value.',
    bad: "headers: { 'X Desk': { schema: { type: string } } }",
    good: 'headers: { X-Desk: { schema: { type: string } } }',
  },
  *check({ http }) {
    for (const view of http) {
      const tags = tagKindsOf(view);
      for (const { params, responses } of view.operations) {
        for (const { name, in: where, cursor } of params)
          if (where === 'header') yield* problems(name, (cursor.get('name') ?? cursor).valueLoc);
        for (const { cursor } of responses) yield* responseHeaders(cursor.get('headers')?.entries() ?? [], tags);
      }
    }
  },
};

function* responseHeaders(headers: readonly (readonly [string, Cursor])[], tags: TagKinds): Generator<Finding> {
  const seen = new Map<string, Finding['loc']>();
  for (const [name, header] of headers) {
    const loc = header.via?.loc ?? header.loc;
    yield* problems(name, loc);
    const isHandlers = !isPlumbingHeader(name) || isHandlersTag(name, header, tags);
    if (isHandlers) yield* untyped(name, header);
    const first = seen.get(name.toLowerCase());
    if (first)
      yield {
        message: `header ${JSON.stringify(name)} is declared twice: header names ignore case`,
        loc,
        fix: 'remove one of the two',
        related: [{ loc: first, message: 'the first one' }],
      };
    else seen.set(name.toLowerCase(), loc);
  }
}

/** A header whose type is not a string, a number or a boolean. */
function* untyped(name: string, header: Cursor): Generator<Finding> {
  const schema = header.get('schema');
  if (schema && primitiveOf(schema)) return;
  yield {
    message: `header ${JSON.stringify(name)} ${schema ? 'has a schema without a primitive type' : 'uses content, which is not supported yet'}`,
    // the reference that leads to the schema, because the schema may be right elsewhere
    loc: (schema?.via ?? schema ?? header.get('content') ?? header).loc,
    fix: 'write schema: { type: string }, or integer, number or boolean',
  };
}

function* problems(name: string, loc: Finding['loc']): Generator<Finding> {
  const written = JSON.stringify(name);
  if (!isHeaderName(name))
    yield { message: `${written} is not a valid header name`, loc, fix: 'use letters, digits and "-", such as X-Desk' };
  else if (FRAMING.has(name.toLowerCase()))
    yield { message: `header ${written} is set by the server`, loc, fix: 'remove it' };
}
