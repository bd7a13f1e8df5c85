import type { Rule } from '../../rule.ts';
import { headerParam } from '../../../read/openapi/messages.ts';

export const ifMatchResponses: Rule = {
  code: 'ATL2021',
  title: 'If-Match without its responses',
  explain: {
    why: 'A stale If-Match is answered with 412, and a missing required If-Match with 428 (RFC 6585). The contract must declare both.',
    bad: "parameters: [{ name: If-Match, in: header, required: true, ... }]\nresponses: { '200': ... }",
    good: "parameters: [{ name: If-Match, in: header, required: true, ... }]\nresponses: { '200': ..., '412': ..., '428': ... }",
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
          message: `${operation.label} has If-Match, but no response ${missing.join(' and no response ')}`,
          loc: (operation.cursor.get('responses') ?? operation.cursor).loc,
          fix: `add ${missing.map((status) => `response ${status}`).join(' and ')} with application/problem+json`,
        };
      }
  },
};
