import type { Rule } from '../../rule.ts';
import { keyOf } from '../../../read/extensions/key.ts';

export const keyMalformed: Rule = {
  code: 'ATL3014',
  title: 'invalid x-atlas-key',
  explain: {
    why: 'The key of a channel is a field of the payload, or a template of fields. Messages with the same key stay in order.',
    bad: 'x-atlas-key: bookingId',
    good: "x-atlas-key: $message.payload#/bookingId\n# or\nx-atlas-key: '{$message.payload#/show}:{$message.payload#/row}'",
  },
  *check({ events }) {
    for (const { cursor } of events.owned.values()) {
      const key = keyOf(cursor);
      if (key && !key.expression)
        yield {
          message: `x-atlas-key ${JSON.stringify(key.cursor.value)} is neither a field nor a template`,
          loc: key.cursor.valueLoc,
          fix: 'write $message.payload#/<field>',
        };
    }
  },
};
