import type { Rule } from '../../rule.ts';

export const sentByStranger: Rule = {
  code: 'ATL5003',
  title: 'send operation on a channel of another service',
  explain: {
    why: 'Only the owner of a channel writes to its topic: a single writer keeps the order, and the broker refuses others.',
    bad: "action: send\nchannel: { $ref: '#/channels/seats' } # a $ref to seats.yaml",
    good: "action: receive\nchannel: { $ref: '#/channels/seats' }",
  },
  *check({ events }) {
    for (const { service, operations } of events.documents)
      for (const { key, cursor, action, channel } of operations)
        if (action === 'send' && channel && (channel.owner !== service.name || channel.foreign !== undefined))
          yield {
            message: `operation ${JSON.stringify(key)} of ${service.name} sends on channel ${JSON.stringify(channel.key)}, which ${channel.foreign ?? channel.owner ?? 'no service'} owns`,
            loc: cursor.loc,
            fix: `send on a channel of ${service.name}, and let the other service receive from it`,
            related: [{ loc: channel.cursor.loc, message: 'the channel' }],
          };
  },
};
