import { isPascalCase, pascalCase } from '../../../document/names.ts';
import type { Rule } from '../../rule.ts';

export const messageName: Rule = {
  code: 'ATL3020',
  title: 'invalid message name',
  explain: {
    why: 'The key of a message in its channel becomes a type, a file and the handler on<Message>. It is in PascalCase and has at most 80 letters and digits.',
    bad: "messages: { booking.made: { $ref: '#/components/messages/BookingMade' } }",
    good: "messages: { BookingMade: { $ref: '#/components/messages/BookingMade' } }",
  },
  *check({ events }) {
    for (const { messages } of events.owned.values())
      for (const { name, cursor } of messages) {
        if (isPascalCase(name)) continue;
        const better = pascalCase(name);
        yield {
          message: `message ${JSON.stringify(name)} is not a valid name for a type`,
          loc: cursor.via?.loc ?? cursor.loc,
          fix: better === undefined ? 'write a name in PascalCase, with letters and digits' : `write ${better}`,
        };
      }
  },
};
