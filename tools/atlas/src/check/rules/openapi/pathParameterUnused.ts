import { didYouMean } from '../../../document/suggest.ts';
import type { Rule } from '../../rule.ts';
import { templateNames } from '../../../read/openapi/http.ts';

export const pathParameterUnused: Rule = {
  code: 'ATL2017',
  title: 'unused path parameter',
  explain: {
    why: 'A path parameter is required, but no request can carry it if the path does not contain it.',
    bad: '/v1/bookings/{id}:\n  get:\n    parameters: [{ name: bookingId, in: path, required: true, schema: { type: string } }]',
    good: '/v1/bookings/{bookingId}: ...',
  },
  *check({ http }) {
    for (const { operations } of http)
      for (const { path, params, label } of operations) {
        const names = templateNames(path);
        for (const param of params)
          if (param.in === 'path' && !names.includes(param.name))
            yield {
              message: `the path of ${label} has no {${param.name}}`,
              loc: (param.cursor.get('name') ?? param.cursor).valueLoc,
              fix: didYouMean(param.name, names) ?? 'add it to the path, or remove the parameter',
            };
      }
  },
};
