import type { Rule } from '../../rule.ts';
import { sentMessages } from '../../../read/asyncapi/events.ts';

export const nobodySends: Rule = {
  code: 'ATL5004',
  title: 'a message that is received but never sent',
  explain: {
    why: 'The owner of the channel lists what it sends in a send operation; a reader of anything else waits for ever.',
    bad: 'seats.yaml: operations: {}',
    good: "seats.yaml: operations: { sendSeats: { action: send, channel: { $ref: '#/channels/seats' } } }",
  },
  *check({ events }) {
    const sent = new Set(
      events.documents.flatMap((document) =>
        sentMessages(document).map(({ channel, message }) => `${channel.identity} ${message.name}`),
      ),
    );
    for (const { operations } of events.documents)
      for (const { key, cursor, action, channel, messages } of operations) {
        if (action !== 'receive' || channel?.owner === undefined) continue;
        for (const { name } of messages)
          if (!sent.has(`${channel.identity} ${name}`))
            yield {
              message: `operation ${JSON.stringify(key)} receives ${name}, which ${channel.owner} never sends`,
              loc: cursor.loc,
              fix: `list it in a send operation of ${channel.owner}`,
            };
      }
  },
};
