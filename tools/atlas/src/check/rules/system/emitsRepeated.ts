import type { Finding } from '../../../diagnostics/diagnostic.ts';
import type { Cursor } from '../../../document/cursor.ts';
import type { Rule } from '../../rule.ts';
import { emitsOf, emitsPlaces } from '../../../read/extensions/emits.ts';

export const emitsRepeated: Rule = {
  code: 'ATL5012',
  title: 'repeated list in x-atlas-emits',
  explain: {
    why: 'In a list of lists, each list is one possible outcome. A repeated list adds nothing and is probably a mistake.',
    bad: 'x-atlas-emits: [[BookingMade], [BookingMade]]',
    good: 'x-atlas-emits: [[BookingMade], []]',
  },
  *check(specs) {
    for (const { emits } of emitsPlaces(specs)) yield* problems(emits);
  },
};

function* problems(emits: Cursor): Generator<Finding> {
  const first = new Map<string, Finding['loc']>();
  for (const tuple of emitsOf(emits).alternatives.length > 1 ? emits.items() : []) {
    const text = JSON.stringify(tuple.value);
    const before = first.get(text);
    if (before)
      yield {
        message: `the list ${text} appears twice`,
        loc: tuple.valueLoc,
        fix: 'remove it, or list the other messages that may be sent',
        related: [{ loc: before, message: 'the first one' }],
      };
    else first.set(text, tuple.valueLoc);
  }
}
