import { camelCase, isCamelCase } from '../../../document/names.ts';
import { batchOf } from '../../../read/extensions/batch.ts';
import type { Rule } from '../../rule.ts';

export const batchBounds: Rule = {
  code: 'ATL3024',
  title: 'invalid x-atlas-batch',
  explain: {
    why: 'With x-atlas-batch, a receive operation has one handler, which gets its messages in sets: consecutive ones of a partition, at most `max`, in one transaction. `max` is a whole number from 2 to 1000. The handler is named after the operation, whose key is therefore in camelCase and not a reserved word.',
    bad: 'project-bookings:\n  action: receive\n  x-atlas-batch: { max: 100000 }',
    good: 'projectBookings:\n  action: receive\n  x-atlas-batch: { max: 500 }',
  },
  *check({ events }) {
    for (const { operations } of events.documents)
      for (const { cursor, action, key } of operations) {
        const { cursor: batch, findings } = batchOf(cursor);
        if (!batch) continue;
        if (action !== 'receive') {
          yield {
            message: `operation ${JSON.stringify(key)} sends, so it cannot have x-atlas-batch`,
            loc: batch.loc,
            fix: 'remove x-atlas-batch',
          };
          continue;
        }
        if (!isCamelCase(key)) {
          const better = camelCase(key);
          yield {
            message: `operation ${JSON.stringify(key)} has x-atlas-batch, but its key is not a valid name for a handler`,
            loc: cursor.loc,
            fix: better === undefined ? 'write a verb and a noun in camelCase' : `write ${better}`,
          };
        }
        yield* findings;
      }
  },
};
