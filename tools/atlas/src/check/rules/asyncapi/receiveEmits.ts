import type { Rule } from '../../rule.ts';
import { emitsOf } from '../../../read/extensions/emits.ts';

export const receiveEmits: Rule = {
  code: 'ATL3019',
  title: 'x-atlas-emits that is no list of messages',
  explain: {
    why: 'On a receive operation it says what handling the message sends: one list, or a list of lists of which one comes true.',
    bad: 'action: send\nx-atlas-emits: BookingMade',
    good: 'action: receive\nx-atlas-emits: [[BookingCancelled], []]',
  },
  *check({ events }) {
    for (const { operations } of events.documents)
      for (const { cursor, action, key } of operations) {
        const emits = cursor.get('x-atlas-emits');
        if (!emits) continue;
        if (action !== 'receive')
          yield {
            message: `operation ${JSON.stringify(key)} does not receive`,
            loc: emits.loc,
            fix: 'move x-atlas-emits to a receive operation',
          };
        for (const place of emitsOf(emits).malformed)
          yield {
            message: 'x-atlas-emits is a list of message names, or a list of such lists',
            loc: place.valueLoc,
            fix: 'write [Name] or [[Name], []]',
          };
      }
  },
};
