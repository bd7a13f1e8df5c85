import type { Rule } from '../../rule.ts';

export const securityMissing: Rule = {
  code: 'ATL2013',
  title: 'missing security',
  explain: {
    why: 'Without security, an operation would be open to everyone by accident. Mark a public operation with an empty list.',
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
            fix: 'add security: [{ <scheme>: [<role>] }], or security: [] for a public operation',
          };
    }
  },
};
