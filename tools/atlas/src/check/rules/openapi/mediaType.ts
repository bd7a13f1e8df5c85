import type { Cursor } from '../../../document/cursor.ts';
import type { Finding } from '../../../diagnostics/diagnostic.ts';
import type { Rule } from '../../rule.ts';
import { isJson, isText, mayHaveTexts, PROBLEM } from '../../../read/openapi/messages.ts';

export const mediaType: Rule = {
  code: 'ATL2024',
  title: 'unsupported media type',
  explain: {
    why: 'Request and response bodies are JSON (application/json or a +json type), with one media type and a schema. Errors are application/problem+json (RFC 9457). Only the response 200 of a GET may offer text/csv and text/html beside its JSON: clients choose by Accept, and the handler gets the chosen one. Text is sent as the handler writes it, so its schema is { type: string } and nothing more.',
    bad: 'content: { text/csv: { schema: { type: string } } }',
    good: 'content: { application/json: { schema: { type: object } }, text/csv: { schema: { type: string } } }',
  },
  *check({ http }) {
    for (const { operations } of http)
      for (const operation of operations) {
        const { cursor, responses, label } = operation;
        const body = cursor.get('requestBody');
        if (body) yield* bodyFindings(body, `the body of ${label}`);
        for (const response of responses)
          yield* responseFindings(
            response.cursor,
            `response ${response.status} of ${label}`,
            mayHaveTexts(operation, response),
          );
      }
  },
};

function* bodyFindings(body: Cursor, what: string): Generator<Finding> {
  const entries = body.get('content')?.entries() ?? [];
  for (const [index, entry] of entries.entries()) {
    const [name, media] = entry;
    if (name === PROBLEM)
      yield {
        message: `${what} is ${PROBLEM}, which is only for responses`,
        loc: media.loc,
        fix: 'use application/json',
      };
    else yield* jsonFindings(entry, what, index > 0);
  }
  if (entries.length === 0)
    yield {
      message: `${what} has no content`,
      loc: body.loc,
      fix: 'add content: { application/json: { schema: ... } }',
    };
}

function* responseFindings(response: Cursor, what: string, hasTexts: boolean): Generator<Finding> {
  const entries = response.get('content')?.entries() ?? [];
  const texts = hasTexts ? entries.filter(([name]) => isText(name)) : [];
  const others = entries.filter((entry) => !texts.includes(entry));
  for (const [index, entry] of others.entries()) yield* jsonFindings(entry, what, index > 0);
  const [first] = texts;
  if (first && !others.some(([name]) => isJson(name)))
    yield {
      message: `${what} is ${first[0]} without JSON, which clients get if they ask for nothing else`,
      loc: first[1].loc,
      fix: 'add application/json beside it',
    };
  else for (const [name, media] of texts) yield* textFindings(media, `${name} in ${what}`);
}

function* jsonFindings([name, media]: readonly [string, Cursor], what: string, isFurther: boolean): Generator<Finding> {
  if (!isJson(name))
    yield { message: `${what} is ${name}, which is not supported yet`, loc: media.loc, fix: 'use application/json' };
  else if (isFurther)
    yield { message: `${what} has more than one media type`, loc: media.loc, fix: 'keep one of them' };
  else if (!media.get('schema') && name !== PROBLEM)
    yield { message: `${what} has no schema`, loc: media.loc, fix: 'add a schema' };
}

/** Keywords that promise nothing about the text. */
const SAYING: ReadonlySet<string> = new Set(['$comment', 'description', 'example', 'examples', 'title', 'type']);

/** A text is not checked, because it is sent while it is made. So its schema must promise nothing. */
function* textFindings(media: Cursor, what: string): Generator<Finding> {
  const schema = media.get('schema');
  if (schema?.get('type')?.string() !== 'string') {
    const loc = schema ? (schema.via?.loc ?? schema.loc) : media.loc;
    yield { message: `${what} has a schema other than text`, loc, fix: 'write schema: { type: string }' };
    return;
  }
  for (const [keyword, value] of schema.entries())
    if (!SAYING.has(keyword) && !keyword.startsWith('x-'))
      yield {
        message: `${what} has the keyword ${keyword}, but a text is sent without a check`,
        loc: value.loc,
        fix: 'remove it',
      };
}
