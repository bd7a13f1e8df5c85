import type { Finding } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';

export const topicDuplicate: Rule = {
  code: 'ATL5002',
  title: 'one topic, defined twice',
  explain: {
    why: "A topic has one owner and one definition; everybody else refers to that. Topics that differ only in dots and underscores collide in Kafka's metrics.",
    bad: 'two channels with address acme.bookings.booking.v1',
    good: "one channel, and { $ref: './bookings.yaml#/channels/bookings' } in the others",
  },
  *check({ events, workspace }) {
    const first = new Map<string, { readonly what: string; readonly loc: Finding['loc'] }>();
    for (const { key, cursor, address, owner } of events.owned.values()) {
      if (address === undefined) continue;
      const name = address.replaceAll('_', '.');
      const other = first.get(name);
      const loc = (cursor.get('address') ?? cursor).valueLoc;
      if (!other) first.set(name, { what: `channel ${JSON.stringify(key)} of ${owner}`, loc });
      else
        yield {
          message: `topic ${JSON.stringify(address)} is defined by ${other.what} already`,
          loc,
          fix: 'refer to that channel, or choose another address',
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
