import { isPascalCase, pascalCase } from '../../names.ts';
import type { Rule } from '../../rule.ts';

export const messageName: Rule = {
  code: 'ATL3020',
  title: 'a message whose name is no name',
  explain: {
    why: 'The key of a message in its channel becomes a type, a file and the handler on<Message>: PascalCase letters and digits, 80 at most.',
    bad: "messages: { booking.made: { $ref: '#/components/messages/BookingMade' } }",
    good: "messages: { BookingMade: { $ref: '#/components/messages/BookingMade' } }",
  },
  *check({ events }) {
    for (const { messages } of events.owned.values())
      for (const { name, cursor } of messages) {
        if (isPascalCase(name)) continue;
        const better = pascalCase(name);
        yield {
          message: `message ${JSON.stringify(name)} can not name a type`,
          loc: cursor.via?.loc ?? cursor.loc,
          fix: better === undefined ? 'write PascalCase letters and digits' : `write ${better}`,
        };
      }
  },
};
