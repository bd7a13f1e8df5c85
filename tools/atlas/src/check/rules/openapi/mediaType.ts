import type { Cursor } from '../../../document/cursor.ts';
import type { Finding } from '../../../diagnostics/diagnostic.ts';
import type { Rule } from '../../rule.ts';
import { isJson, PROBLEM } from '../../../read/openapi/messages.ts';

export const mediaType: Rule = {
  code: 'ATL2024',
  title: 'unsupported media type',
  explain: {
    why: 'Request and response bodies are JSON (application/json or a +json type), with one media type and a schema. Errors are application/problem+json (RFC 9457).',
    bad: 'content: { text/csv: { schema: { type: string } } }',
    good: 'content: { application/json: { schema: { type: object } } }',
  },
  *check({ http }) {
    for (const { operations } of http)
      for (const { cursor, responses, label } of operations) {
        const body = cursor.get('requestBody');
        if (body) yield* problems(body, `the body of ${label}`, true);
        for (const response of responses)
          yield* problems(response.cursor, `response ${response.status} of ${label}`, false);
      }
  },
};

function* problems(holder: Cursor, what: string, isBody: boolean): Generator<Finding> {
  const entries = holder.get('content')?.entries() ?? [];
  for (const [index, [name, media]] of entries.entries()) {
    if (!isJson(name))
      yield { message: `${what} is ${name}, which is not supported yet`, loc: media.loc, fix: 'use application/json' };
    else if (isBody && name === PROBLEM)
      yield {
        message: `${what} is ${PROBLEM}, which is only for responses`,
        loc: media.loc,
        fix: 'use application/json',
      };
    else if (index > 0)
      yield { message: `${what} has more than one media type`, loc: media.loc, fix: 'keep one of them' };
    else if (!media.get('schema') && name !== PROBLEM)
      yield { message: `${what} has no schema`, loc: media.loc, fix: 'add a schema' };
  }
  if (isBody && entries.length === 0)
    yield {
      message: `${what} has no content`,
      loc: holder.loc,
      fix: 'add content: { application/json: { schema: ... } }',
    };
}
