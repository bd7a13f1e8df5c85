import type { Rule } from '../../rule.ts';
import { sunsetOf } from '../../../read/extensions/edge.ts';

export const sunset: Rule = {
  code: 'ATL2028',
  title: 'invalid x-atlas-sunset',
  explain: {
    why: 'Responses carry the date in the Sunset header (RFC 8594), together with Deprecation (RFC 9745).',
    bad: 'x-atlas-sunset: next summer',
    good: 'deprecated: true\nx-atlas-sunset: 2027-06-30',
  },
  *check({ http }) {
    for (const { operations } of http)
      for (const { cursor } of operations) {
        const date = sunsetOf(cursor);
        if (!date) continue;
        const text = date.string() ?? '';
        if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(Date.parse(text)) || !exists(text))
          yield { message: 'x-atlas-sunset is not a date', loc: date.valueLoc, fix: 'write a date as YYYY-MM-DD' };
        else if (cursor.get('deprecated')?.boolean() !== true)
          yield { message: 'x-atlas-sunset needs deprecated: true', loc: date.loc, fix: 'add deprecated: true' };
      }
  },
};

/** Whether a date exists: the 30th of February parses as a day in March. */
function exists(text: string): boolean {
  return new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
}
