import type { Rule } from '../../rule.ts';

export const channelOwner: Rule = {
  code: 'ATL5007',
  title: 'channel without an owner',
  explain: {
    why: 'The owner of a channel is the service whose document defines it. The owner creates the topic, writes to it and is responsible for its schemas. If somebody outside these specs owns the topic, x-atlas-foreign names them: then services only read it, and register leaves it alone.',
    bad: "channels: { seats: { $ref: './shared.yaml#/channels/seats' } } # shared.yaml belongs to no service",
    good: "channels: { seats: { $ref: './seats.yaml#/channels/seats' } }\n# or, in shared.yaml\nchannels: { seats: { x-atlas-foreign: venue-team, ... } }",
  },
  *check({ events }) {
    for (const { channels } of events.documents)
      for (const { key, cursor, owner, foreign } of channels)
        if (owner === undefined && foreign === undefined)
          yield {
            message: `channel ${JSON.stringify(key)} is defined in ${cursor.file}, which is not the AsyncAPI document of any service`,
            loc: cursor.via?.loc ?? cursor.loc,
            fix: "define it in its owner's document, add the owner to atlas.config.yaml, or add x-atlas-foreign: <who owns it>",
            related: [{ loc: cursor.loc, message: 'the channel' }],
          };
  },
};
