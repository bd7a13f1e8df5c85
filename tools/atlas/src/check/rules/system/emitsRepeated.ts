import type { Finding } from '../../../diagnostics/diagnostic.ts';
import type { Cursor } from '../../../document/cursor.ts';
import type { Rule } from '../../rule.ts';
import { emitsOf, operationEmits } from '../../../read/extensions/emits.ts';

export const emitsRepeated: Rule = {
  code: 'ATL5012',
  title: 'repeated list in x-atlas-emits',
  explain: {
    why: 'In a list of lists, each list is one possible outcome. A repeated list adds nothing, and is probably a mistake.',
    bad: 'x-atlas-emits: [[BookingMade], [BookingMade]]',
    good: 'x-atlas-emits: [[BookingMade], []]',
  },
  *check({ http, events }) {
    for (const { operations } of http)
      for (const operation of operations) for (const { cursor } of operationEmits(operation)) yield* problems(cursor);
    for (const { operations } of events.documents)
      for (const { cursor } of operations) {
        const emits = cursor.get('x-atlas-emits');
        if (emits) yield* problems(emits);
      }
  },
};

function* problems(emits: Cursor): Generator<Finding> {
  const first = new Map<string, Finding['loc']>();
  for (const tuple of emitsOf(emits).alternatives.length > 1 ? emits.items() : []) {
    const text = JSON.stringify(tuple.value);
    const before = first.get(text);
    if (before)
      yield {
        message: `x-atlas-emits contains the list ${text} twice`,
        loc: tuple.valueLoc,
        fix: 'remove it, or list the other messages that may be sent',
        related: [{ loc: before, message: 'the first one' }],
      };
    else first.set(text, tuple.valueLoc);
  }
}
