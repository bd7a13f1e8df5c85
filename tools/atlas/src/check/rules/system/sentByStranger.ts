import type { Rule } from '../../rule.ts';

export const sentByStranger: Rule = {
  code: 'ATL5003',
  title: 'a service that sends on a channel of another',
  explain: {
    why: 'Only the owner of a channel writes to its topic: one writer keeps the order, and the broker refuses others.',
    bad: "action: send\nchannel: { $ref: '#/channels/seats' } # a $ref to seats.yaml",
    good: "action: receive\nchannel: { $ref: '#/channels/seats' }",
  },
  *check({ events }) {
    for (const { service, operations } of events.documents)
      for (const { key, cursor, action, channel } of operations)
        if (action === 'send' && channel && channel.owner !== service.name)
          yield {
            message: `operation ${JSON.stringify(key)} of ${service.name} sends on channel ${JSON.stringify(channel.key)}, which ${channel.owner ?? 'nobody'} owns`,
            loc: cursor.loc,
            fix: 'send on an own channel, and let the other service receive it',
            related: [{ loc: channel.cursor.loc, message: 'the channel' }],
          };
  },
};
