import type { Rule } from '../../rule.ts';
import { headerParam } from '../../../read/openapi/http.ts';

export const ifMatchResponses: Rule = {
  code: 'ATL2021',
  title: 'If-Match without the answers that come with it',
  explain: {
    why: 'A stale version is answered by 412; a required If-Match that is missing by 428 (RFC 6585). Clients must see both in the contract.',
    bad: 'parameters: [If-Match], responses: 200',
    good: 'parameters: [If-Match], responses: 200, 412, 428',
  },
  *check({ http }) {
    for (const { operations } of http)
      for (const operation of operations) {
        const param = headerParam(operation, 'If-Match');
        if (!param) continue;
        const required = param.cursor.get('required')?.boolean() === true;
        const statuses = operation.responses.map(({ status }) => status);
        const missing = (required ? ['412', '428'] : ['412']).filter((status) => !statuses.includes(status));
        if (missing.length === 0) continue;
        yield {
          message: `${operation.label} lists If-Match but declares no ${missing.join(' and no ')}`,
          loc: (operation.cursor.get('responses') ?? operation.cursor).loc,
          fix: `add the response ${missing.join(' and ')} with application/problem+json`,
        };
      }
  },
};
