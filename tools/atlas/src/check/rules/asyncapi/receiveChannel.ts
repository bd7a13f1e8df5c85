import type { Rule } from '../../rule.ts';

export const receiveChannel: Rule = {
  code: 'ATL3010',
  title: "another service's channel in another spelling",
  explain: {
    why: "A reader takes the channel from its owner's document by one spelling, so that tools and people find it: a channel that refers to the owner's channels, and an operation that refers to that.",
    bad: "operations: { onSeats: { action: receive, channel: { $ref: './seats.yaml#/channels/seats' } } }",
    good: "channels: { seats: { $ref: './seats.yaml#/channels/seats' } }\noperations: { onSeats: { action: receive, channel: { $ref: '#/channels/seats' } } }",
  },
  *check({ events }) {
    for (const { root, channels, operations } of events.documents) {
      for (const { key, cursor } of channels) {
        if (cursor.file === root.file || /^[^#]+#\/channels\/[^/]+$/.test(cursor.via?.ref ?? '')) continue;
        yield {
          message: `channel ${JSON.stringify(key)} is taken from ${cursor.file} by ${JSON.stringify(cursor.via?.ref ?? '')}`,
          loc: cursor.via?.loc ?? cursor.loc,
          fix: "write $ref: './<owner>.yaml#/channels/<channel>'",
        };
      }
      for (const { key, cursor, channel } of operations) {
        const target = cursor.get('channel');
        if (!target || (channel && /^#\/channels\/[^/]+$/.test(target.via?.ref ?? ''))) continue;
        yield {
          message: `operation ${JSON.stringify(key)} does not name a channel of its own document`,
          loc: target.via?.loc ?? target.loc,
          fix: channel
            ? `write $ref: '#/channels/${channel.key}'`
            : "add the channel to channels as a $ref to its owner's, and write $ref: '#/channels/<channel>'",
        };
      }
    }
  },
};
