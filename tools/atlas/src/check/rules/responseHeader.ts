import type { Rule } from '../rule.ts';
import { isHeaderName } from '../views/headerName.ts';

export const responseHeader: Rule = {
  code: 'ATL2030',
  title: 'a response header that can not be sent',
  explain: {
    why: 'The name of a header is letters, digits and a few signs (RFC 9110, 5.6.2); Node refuses to send any other.',
    bad: "headers: { 'X Total': { schema: { type: string } } }",
    good: 'headers: { X-Total: { schema: { type: string } } }',
  },
  *check({ http }) {
    for (const { operations } of http)
      for (const { responses } of operations)
        for (const { cursor } of responses)
          for (const [name, header] of cursor.get('headers')?.entries() ?? [])
            if (!isHeaderName(name))
              yield {
                message: `${JSON.stringify(name)} can not name a header`,
                loc: header.via?.loc ?? header.loc,
                fix: 'use letters, digits and -',
              };
  },
};
