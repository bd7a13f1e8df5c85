import { didYouMean } from '../../../document/suggest.ts';
import type { Rule } from '../../rule.ts';
import { templateNames } from '../../../read/openapi/http.ts';

export const pathParameterUndeclared: Rule = {
  code: 'ATL2016',
  title: 'undeclared path parameter',
  explain: {
    why: 'Each {name} in a path needs a parameter with in: path, which gives it a type.',
    bad: '/v1/bookings/{bookingId}:\n  get: { operationId: getBooking }',
    good: '/v1/bookings/{bookingId}:\n  get:\n    parameters: [{ name: bookingId, in: path, required: true, schema: { type: string } }]',
  },
  *check({ http }) {
    for (const { operations } of http)
      for (const { path, params, cursor, label } of operations) {
        const declared = params.filter((param) => param.in === 'path').map(({ name }) => name);
        for (const name of new Set(templateNames(path)))
          if (!declared.includes(name))
            yield {
              message: `${label} does not declare path parameter ${JSON.stringify(name)}`,
              loc: cursor.loc,
              fix:
                didYouMean(name, declared) ??
                `add a parameter { name: ${name}, in: path, required: true, schema: ... }`,
            };
      }
  },
};
