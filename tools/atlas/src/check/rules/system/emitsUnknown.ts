import { didYouMean } from '../../../document/suggest.ts';
import type { Finding } from '../../../diagnostics/diagnostic.ts';
import type { Rule } from '../../rule.ts';
import type { Specs } from '../../../read/specs.ts';
import { emitsOf, emitsPlaces } from '../../../read/extensions/emits.ts';
import { sentMessages } from '../../../read/asyncapi/events.ts';
import type { Cursor } from '../../../document/cursor.ts';

export const emitsUnknown: Rule = {
  code: 'ATL5005',
  title: 'unknown message in x-atlas-emits',
  explain: {
    why: 'x-atlas-emits, and `emits` of a timer or an effect, contain names of messages that the service itself sends. They are the keys of the messages in the channels of its send operations.',
    bad: 'x-atlas-emits: [BokingMade]',
    good: 'x-atlas-emits: [BookingMade]',
  },
  *check(specs) {
    for (const { service, emits } of emitsPlaces(specs)) yield* problems(emits, service, specs);
  },
};

function* problems(emits: Cursor, service: string, { events }: Specs): Generator<Finding> {
  const document = events.documents.find((candidate) => candidate.service.name === service);
  const sent = document ? [...new Set(sentMessages(document).map(({ message }) => message.name))] : [];
  for (const { name, cursor } of emitsOf(emits).names)
    if (!sent.includes(name))
      yield {
        message: `${service} does not send a message ${JSON.stringify(name)}`,
        loc: cursor.valueLoc,
        fix:
          didYouMean(name, sent) ??
          (document
            ? 'add it to a send operation of its AsyncAPI document'
            : 'give the service an AsyncAPI document that sends it'),
      };
}
