import type { Finding } from '../../../diagnostics/diagnostic.ts';
import type { Cursor } from '../../../load/index.ts';
import type { Rule } from '../../rule.ts';
import { isHeaderName, isPlumbingHeader } from '../../../read/openapi/headerName.ts';
import { primitiveOf } from '../../../read/openapi/shape.ts';

/** How a message is framed is the server's to say: a handler that said it too would break the answer. */
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
  title: 'a header that can not be sent',
  explain: {
    why: 'The name of a header is a token of RFC 9110, in any case; those that frame the message are left to the server. What a handler gives for one is text, a number or a boolean.',
    bad: "headers: { 'X Desk': { schema: { type: string } } }",
    good: 'headers: { X-Desk: { schema: { type: string } } }',
  },
  *check({ http }) {
    for (const { operations } of http)
      for (const { params, responses } of operations) {
        for (const { name, in: where, cursor } of params)
          if (where === 'header') yield* problems(name, (cursor.get('name') ?? cursor).valueLoc);
        for (const { cursor } of responses) yield* answered(cursor.get('headers')?.entries() ?? []);
      }
  },
};

function* answered(headers: readonly (readonly [string, Cursor])[]): Generator<Finding> {
  const seen = new Map<string, Finding['loc']>();
  for (const [name, header] of headers) {
    const loc = header.via?.loc ?? header.loc;
    yield* problems(name, loc);
    if (!isPlumbingHeader(name)) yield* untyped(name, header);
    const first = seen.get(name.toLowerCase());
    if (first)
      yield {
        message: `header ${JSON.stringify(name)} stands twice: case makes no difference`,
        loc,
        fix: 'remove one of the two',
        related: [{ loc: first, message: 'the first one' }],
      };
    else seen.set(name.toLowerCase(), loc);
  }
}

/** A handler gives text, a number or a boolean. */
function* untyped(name: string, header: Cursor): Generator<Finding> {
  const schema = header.get('schema');
  if (schema && primitiveOf(schema)) return;
  yield {
    message: `header ${JSON.stringify(name)} ${schema ? 'has a schema that tells no primitive' : 'uses content, which is not supported yet'}`,
    loc: (schema ?? header.get('content') ?? header).loc,
    fix: 'write schema: { type: string }, or integer, number or boolean',
  };
}

function* problems(name: string, loc: Finding['loc']): Generator<Finding> {
  const written = JSON.stringify(name);
  if (!isHeaderName(name))
    yield { message: `${written} can not name a header`, loc, fix: 'use letters, digits and "-", such as X-Desk' };
  else if (FRAMING.has(name.toLowerCase()))
    yield { message: `header ${written} is the server's own`, loc, fix: 'remove it' };
}
