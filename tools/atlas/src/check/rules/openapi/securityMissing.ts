import type { Rule } from '../../rule.ts';

export const securityMissing: Rule = {
  code: 'ATL2013',
  title: 'an operation that does not say who may call it',
  explain: {
    why: 'Left out, security would mean "anyone" by accident. Public is written as an empty list.',
    bad: 'post:\n  operationId: createBooking',
    good: 'post:\n  operationId: createBooking\n  security: [{ keycloak: [ops] }]',
  },
  *check({ http }) {
    for (const { root, operations } of http) {
      if (root.get('security')) continue;
      for (const { cursor, label } of operations)
        if (!cursor.get('security'))
          yield {
            message: `${label} has no security`,
            loc: cursor.loc,
            fix: 'add security: [{ <scheme>: [<role>] }], or [] for public',
          };
    }
  },
};
