import type { Rule } from '../../rule.ts';
import { headerParam } from '../../../read/openapi/messages.ts';

export const ifMatchWithoutEtag: Rule = {
  code: 'ATL2022',
  title: 'If-Match without ETag',
  explain: {
    why: 'A client can only send back a version that it received, so some 2xx response must declare the header ETag.',
    bad: 'responses: { 200: { description: The booking. } }',
    good: 'responses: { 200: { description: The booking., headers: { ETag: { schema: { type: string } } } } }',
  },
  *check({ http }) {
    for (const { operations } of http) {
      const given = operations.some(({ responses }) =>
        responses.some(
          ({ status, cursor }) =>
            status.startsWith('2') &&
            (cursor.get('headers')?.entries() ?? []).some(([name]) => name.toLowerCase() === 'etag'),
        ),
      );
      if (given) continue;
      for (const operation of operations) {
        const param = headerParam(operation, 'If-Match');
        if (param)
          yield {
            message: `${operation.label} has If-Match, but no response in the document declares ETag`,
            loc: param.cursor.via?.loc ?? param.cursor.loc,
            fix: 'declare the header ETag on the response that returns the resource',
          };
      }
    }
  },
};
