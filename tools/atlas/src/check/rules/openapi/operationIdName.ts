import { camelCase, isCamelCase } from '../../../document/names.ts';
import type { Rule } from '../../rule.ts';

export const operationIdName: Rule = {
  code: 'ATL2012',
  title: 'invalid operationId',
  explain: {
    why: 'The operationId becomes a function, a type and a file. It is in camelCase, has at most 80 letters and digits, and is not a reserved word.',
    bad: 'operationId: get-booking',
    good: 'operationId: getBooking',
  },
  *check({ http }) {
    for (const { operations } of http)
      for (const { id, cursor } of operations) {
        if (id === undefined || isCamelCase(id)) continue;
        const better = camelCase(id);
        yield {
          message: `operationId ${JSON.stringify(id)} is not a valid name for a handler`,
          loc: (cursor.get('operationId') ?? cursor).valueLoc,
          fix: better === undefined ? 'write a verb and a noun in camelCase' : `write ${better}`,
        };
      }
  },
};
