import { didYouMean } from '../../../document/suggest.ts';
import type { Finding } from '../../../diagnostics/diagnostic.ts';
import type { Rule } from '../../rule.ts';
import type { Specs } from '../../../read/specs.ts';
import { emitsOf, operationEmits } from '../../../read/extensions/emits.ts';
import { sentMessages } from '../../../read/asyncapi/events.ts';
import type { Cursor } from '../../../load/index.ts';

export const emitsUnknown: Rule = {
  code: 'ATL5005',
  title: 'x-atlas-emits with a message that the service does not send',
  explain: {
    why: "Names are the keys of the service's own messages, as its send operations list them.",
    bad: 'x-atlas-emits: [BokingMade]',
    good: 'x-atlas-emits: [BookingMade]',
  },
  *check(specs) {
    for (const { operations, service } of specs.http)
      for (const operation of operations)
        for (const { cursor } of operationEmits(operation)) yield* problems(cursor, service.name, specs);
    for (const { operations, service } of specs.events.documents)
      for (const { cursor } of operations) {
        const emits = cursor.get('x-atlas-emits');
        if (emits) yield* problems(emits, service.name, specs);
      }
  },
};

function* problems(emits: Cursor, service: string, { events }: Specs): Generator<Finding> {
  const document = events.documents.find((candidate) => candidate.service.name === service);
  const sent = document ? [...new Set(sentMessages(document).map(({ message }) => message.name))] : [];
  for (const { name, cursor } of emitsOf(emits).names)
    if (!sent.includes(name))
      yield {
        message: `${service} sends no message ${JSON.stringify(name)}`,
        loc: cursor.valueLoc,
        fix:
          didYouMean(name, sent) ??
          (document
            ? 'list it in a send operation of its AsyncAPI document'
            : 'give the service an AsyncAPI document that sends it'),
      };
}
