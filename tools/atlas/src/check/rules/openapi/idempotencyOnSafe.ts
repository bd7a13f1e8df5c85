import { isSafe } from '@atlas/ir';
import type { Rule } from '../../rule.ts';
import { headerParam } from '../../../read/openapi/messages.ts';

export const idempotencyOnSafe: Rule = {
  code: 'ATL2020',
  title: 'Idempotency-Key on a safe method',
  explain: {
    why: 'GET, HEAD and OPTIONS are safe (RFC 9110, section 9.2.1): clients can repeat them without a key.',
    bad: "get:\n  parameters: [{ $ref: './common.yaml#/components/parameters/IdempotencyKey' }]",
    good: "post:\n  parameters: [{ $ref: './common.yaml#/components/parameters/IdempotencyKey' }]",
  },
  *check({ http }) {
    for (const { operations } of http)
      for (const operation of operations) {
        const param = headerParam(operation, 'Idempotency-Key');
        if (!param || !isSafe(operation.method)) continue;
        yield {
          message: `${operation.label} is safe, so it needs no Idempotency-Key`,
          loc: param.cursor.via?.loc ?? param.cursor.loc,
          fix: 'remove the parameter',
        };
      }
  },
};
