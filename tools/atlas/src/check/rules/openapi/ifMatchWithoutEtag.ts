import type { Rule } from '../../rule.ts';
import { headerParam } from '../../../read/openapi/http.ts';

export const ifMatchWithoutEtag: Rule = {
  code: 'ATL2022',
  title: 'If-Match, but no response ever gives an ETag',
  explain: {
    why: 'A client can only send back a version that it was given: some 2xx response must declare the header ETag.',
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
            message: `${operation.label} lists If-Match, but no operation of the document declares ETag`,
            loc: param.cursor.via?.loc ?? param.cursor.loc,
            fix: 'declare the response header ETag where the thing is read',
          };
      }
    }
  },
};
