import { didYouMean } from '../../../document/suggest.ts';
import type { Rule } from '../../rule.ts';
import { identityOf } from '../../../read/asyncapi/events.ts';

export const operationMessages: Rule = {
  code: 'ATL3012',
  title: 'message from outside the channel',
  explain: {
    why: 'An operation lists messages of its channel, as #/channels/<channel>/messages/<Message>. A channel without messages carries nothing.',
    bad: "messages: [{ $ref: '#/components/messages/BookingMade' }]",
    good: "messages: [{ $ref: '#/channels/bookings/messages/BookingMade' }]",
  },
  *check({ events }) {
    for (const { operations } of events.documents)
      for (const { key, cursor, channel, messages, strangers } of operations) {
        if (!channel) continue;
        const names = channel.messages.map(({ name }) => name);
        for (const stranger of strangers) {
          const last = stranger.via?.ref.split('/').at(-1) ?? '';
          yield {
            message: `${JSON.stringify(last)} is not a message of channel ${JSON.stringify(channel.key)}`,
            loc: stranger.via?.loc ?? stranger.loc,
            fix: didYouMean(last, names) ?? `refer to #/channels/${channel.key}/messages/<Message>`,
          };
        }
        for (const item of cursor.get('messages')?.items() ?? [])
          if (!strangers.includes(item) && !item.via?.ref.startsWith('#/channels/'))
            yield {
              message: `operation ${JSON.stringify(key)} does not refer to its message through the channel`,
              loc: item.via?.loc ?? item.loc,
              fix: `write $ref: '#/channels/${channel.key}/messages/${channel.messages.find(({ identity }) => identity === identityOf(item))?.name ?? '<Message>'}'`,
            };
        if (messages.length === 0 && strangers.length === 0)
          yield { message: `operation ${JSON.stringify(key)} has no messages`, loc: cursor.loc, fix: 'add messages' };
      }
  },
};
