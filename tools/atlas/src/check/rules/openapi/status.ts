import type { Cursor } from '../../../document/cursor.ts';
import { PROBLEM } from '../../../read/openapi/messages.ts';
import type { Rule } from '../../rule.ts';

export const status: Rule = {
  code: 'ATL2025',
  title: 'unsupported response status',
  explain: {
    why: 'A handler may only answer with a status that the contract lists. Each status is written in full, and at least one of them is a success. Only the problems of the plumbing may be declared together, as default.',
    bad: 'responses: { 2XX: { description: Something. } }',
    good: "responses: { '200': { description: The booking. } }",
  },
  *check({ http }) {
    for (const { operations } of http)
      for (const { responses, cursor, label, method } of operations) {
        for (const { status: text, cursor: response } of responses) {
          const loc = response.via?.loc ?? response.loc;
          if (text === 'default' && isProblem(response, method)) continue;
          if (!/^[1-5]\d\d$/.test(text))
            yield {
              message: `${label} declares ${JSON.stringify(text)}, which is not a single status`,
              loc,
              fix:
                text === 'default'
                  ? `write each status in full; default may only have the content ${PROBLEM}`
                  : 'write each status in full, such as 200 and 404',
            };
          else if (text.startsWith('1'))
            yield { message: `${label} declares ${text}, which is not a final response`, loc, fix: 'remove it' };
          else if ((text === '204' || text === '304' || method === 'head') && response.get('content'))
            yield {
              message: `${method === 'head' ? 'a response to HEAD' : `a ${text} response`} has no body (RFC 9110)`,
              loc,
              fix: 'remove content',
            };
        }
        if (!responses.some(({ status: text }) => /^[23]/.test(text)))
          yield {
            message: `${label} declares no successful response`,
            loc: (cursor.get('responses') ?? cursor).loc,
            fix: 'add a 2xx response',
          };
      }
  },
};

/** Whether all its content is a problem. An answer to HEAD has none. */
function isProblem(response: Cursor, method: string): boolean {
  const media = response.get('content')?.entries() ?? [];
  return (media.length > 0 || method === 'head') && media.every(([type]) => type === PROBLEM);
}
