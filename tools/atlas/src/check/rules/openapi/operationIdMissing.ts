import type { Rule } from '../../rule.ts';

export const operationIdMissing: Rule = {
  code: 'ATL2010',
  title: 'missing operationId',
  explain: {
    why: 'The operationId names the handler, its file and its types.',
    bad: 'get:\n  summary: Read one booking.',
    good: 'get:\n  operationId: getBooking',
  },
  *check({ http }) {
    for (const { operations } of http)
      for (const { id, cursor, label } of operations)
        if (id === undefined)
          yield {
            message: `${label} has no operationId`,
            loc: cursor.loc,
            fix: 'add an operationId: a verb and a noun, such as getBooking',
          };
  },
};
