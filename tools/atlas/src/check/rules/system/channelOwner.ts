import type { Rule } from '../../rule.ts';

export const channelOwner: Rule = {
  code: 'ATL5007',
  title: 'channel without an owner',
  explain: {
    why: 'The owner of a channel is the service whose document defines it. The owner creates the topic, writes to it and is responsible for its schemas.',
    bad: "channels: { seats: { $ref: './shared.yaml#/channels/seats' } } # shared.yaml belongs to no service",
    good: "channels: { seats: { $ref: './seats.yaml#/channels/seats' } }",
  },
  *check({ events }) {
    for (const { channels } of events.documents)
      for (const { key, cursor, owner } of channels)
        if (owner === undefined)
          yield {
            message: `channel ${JSON.stringify(key)} is defined in ${cursor.file}, which is not the AsyncAPI document of any service`,
            loc: cursor.via?.loc ?? cursor.loc,
            fix: "define it in its owner's document, or add the owner to atlas.config.yaml",
            related: [{ loc: cursor.loc, message: 'the channel' }],
          };
  },
};
