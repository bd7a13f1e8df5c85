import type { Rule } from '../../rule.ts';
import { emitsOf } from '../../../read/extensions/emits.ts';
import { handlingOfOperation } from '../../../read/extensions/handling.ts';

export const receiveEmits: Rule = {
  code: 'ATL3019',
  title: 'invalid x-atlas-emits of an AsyncAPI operation',
  explain: {
    why: 'On a receive operation, x-atlas-emits says what handling the message sends: a list of message names, or a list of such lists, one per outcome.',
    bad: 'action: send\nx-atlas-emits: BookingMade',
    good: 'action: receive\nx-atlas-emits: [[BookingCancelled], []]',
  },
  *check({ events }) {
    for (const { operations } of events.documents)
      for (const { cursor, action, key } of operations) {
        const { emits } = handlingOfOperation(cursor);
        if (!emits) continue;
        if (action !== 'receive')
          yield {
            message: `operation ${JSON.stringify(key)} sends, so it cannot have x-atlas-emits`,
            loc: emits.loc,
            fix: 'move x-atlas-emits to a receive operation',
          };
        for (const place of emitsOf(emits).malformed)
          yield {
            message: 'x-atlas-emits must be a list of message names, or a list of such lists',
            loc: place.valueLoc,
            fix: 'write [Name] or [[Name], []]',
          };
      }
  },
};
