import { posix } from 'node:path';
import type { Finding } from '../../../diagnostics/diagnostic.ts';
import type { Rule } from '../../rule.ts';
import type { ChannelView } from '../../../read/asyncapi/events.ts';

export const topicDuplicate: Rule = {
  code: 'ATL5002',
  title: 'duplicate topic',
  explain: {
    why: 'A topic has one owner and one definition, and all others refer to that definition. Topics that differ only in dots and underscores collide in the metrics of Kafka.',
    bad: 'channels: { bookings: { address: acme.bookings.v1 } } # bookings.yaml\nchannels: { bookings: { address: acme.bookings.v1 } } # seats.yaml',
    good: "channels: { bookings: { address: acme.bookings.v1 } } # bookings.yaml\nchannels: { bookings: { $ref: './bookings.yaml#/channels/bookings' } } # seats.yaml",
  },
  *check({ events, workspace }) {
    const first = new Map<string, { readonly channel: ChannelView; readonly loc: Finding['loc'] }>();
    for (const channel of events.owned.values()) {
      const { key, cursor, address, owner } = channel;
      if (address === undefined) continue;
      const name = address.replaceAll('_', '.');
      const other = first.get(name);
      const loc = (cursor.get('address') ?? cursor).valueLoc;
      if (!other) first.set(name, { channel, loc });
      else
        yield {
          message: `topic ${JSON.stringify(address)} is already defined by channel ${JSON.stringify(other.channel.key)} of ${other.channel.owner}`,
          loc,
          fix:
            owner === other.channel.owner
              ? 'remove one of the two, or choose another address'
              : `refer to it with ${key}: { $ref: '${referTo(other.channel, cursor.file)}' }, or choose another address`,
          related: [{ loc: other.loc, message: 'the first one' }],
        };
    }
    for (const service of workspace.config.services) {
      const dead = workspace.config.dlq.replaceAll('{service}', () => service.name);
      const other = first.get(dead.replaceAll('_', '.'));
      if (other)
        yield {
          message: `topic ${JSON.stringify(dead)} is the dead-letter topic of ${service.name}`,
          loc: other.loc,
          fix: 'choose another address, or another dlq in atlas.config.yaml',
        };
    }
  },
};

/** The `$ref` from a document in `file` to a channel of another document. */
function referTo({ cursor }: ChannelView, file: string): string {
  const path = posix.relative(posix.dirname(file), cursor.file);
  return `${path.startsWith('.') ? '' : './'}${path}#${cursor.pointer}`;
}
