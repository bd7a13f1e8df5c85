import type { Rule } from '../../rule.ts';
import { sentMessages } from '../../../read/asyncapi/events.ts';

export const nobodySends: Rule = {
  code: 'ATL5004',
  title: 'received message that nobody sends',
  explain: {
    why: 'The owner of a channel lists the messages that it sends in its send operations. A consumer of any other message waits forever. If another team sends it, x-atlas-foreign on the channel names that team.',
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
        if (action !== 'receive' || channel?.owner === undefined || channel.foreign !== undefined) continue;
        for (const { name } of messages)
          if (!sent.has(`${channel.identity} ${name}`))
            yield {
              message: `operation ${JSON.stringify(key)} receives ${name}, which ${channel.owner} never sends`,
              loc: cursor.loc,
              fix: `add it to a send operation of ${channel.owner}, or add x-atlas-foreign: <who sends it> to the channel`,
            };
      }
  },
};
