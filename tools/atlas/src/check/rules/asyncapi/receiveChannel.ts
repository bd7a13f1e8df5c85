import type { Rule } from '../../rule.ts';

export const receiveChannel: Rule = {
  code: 'ATL3010',
  title: 'unsupported reference to a channel',
  explain: {
    why: "There is one way to receive from a channel of another service, so that tools and people find it: the document lists the channel as a $ref to the owner's channel, and the operation refers to that entry.",
    bad: "operations: { onSeats: { action: receive, channel: { $ref: './seats.yaml#/channels/seats' } } }",
    good: "channels: { seats: { $ref: './seats.yaml#/channels/seats' } }\noperations: { onSeats: { action: receive, channel: { $ref: '#/channels/seats' } } }",
  },
  *check({ events }) {
    for (const { root, channels, operations } of events.documents) {
      for (const { key, cursor } of channels) {
        if (cursor.file === root.file || /^[^#]+#\/channels\/[^/]+$/.test(cursor.via?.ref ?? '')) continue;
        yield {
          message: `channel ${JSON.stringify(key)} does not refer to the channels of ${cursor.file}, but to ${JSON.stringify(cursor.via?.ref ?? '')}`,
          loc: cursor.via?.loc ?? cursor.loc,
          fix: "write $ref: './<owner>.yaml#/channels/<channel>'",
        };
      }
      for (const { key, cursor, channel } of operations) {
        const target = cursor.get('channel');
        if (!target || (channel && /^#\/channels\/[^/]+$/.test(target.via?.ref ?? ''))) continue;
        yield {
          message: `operation ${JSON.stringify(key)} does not refer to a channel of its own document`,
          loc: target.via?.loc ?? target.loc,
          fix: channel
            ? `write $ref: '#/channels/${channel.key}'`
            : "add a channel with a $ref to the owner's channel, and write $ref: '#/channels/<channel>'",
        };
      }
    }
  },
};
