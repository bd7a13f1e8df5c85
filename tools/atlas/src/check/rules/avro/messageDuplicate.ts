import type { Finding } from '../../../diagnostics/diagnostic.ts';
import type { Rule } from '../../rule.ts';

export const messageDuplicate: Rule = {
  code: 'ATL5008',
  title: 'duplicate message',
  explain: {
    why: 'A service has one file per message, so the names of its messages are unique. A consumer identifies a message by its topic and its Avro record (ce_type), so a record is on a topic once.',
    bad: 'bookings: { messages: { BookingMade: ... } }\nagain: { messages: { BookingMade: ... } }',
    good: 'bookings: { messages: { BookingMade: ... } }\nagain: { messages: { BookingMadeAgain: ... } } # with the same record',
  },
  *check({ events, avro }) {
    const names = new Map<string, { readonly what: string; readonly loc: Finding['loc']; readonly identity: string }>();
    for (const { messages, owner, key: channel, address: topic, identity: definition } of events.owned.values())
      for (const { name, cursor } of messages) {
        const loc = cursor.via?.loc ?? cursor.loc;
        const record = avro.of(cursor.get('payload'))?.record?.name;
        const keys = [
          `name ${owner} ${name.toLowerCase()}`,
          ...(record === undefined || topic === undefined ? [] : [`record ${topic} ${record}`]),
        ];
        for (const key of keys) {
          const other = names.get(key);
          if (!other) {
            names.set(key, {
              what: `message ${name} on channel ${JSON.stringify(channel)} of ${owner}`,
              loc,
              identity: definition,
            });
            continue;
          }
          // Another rule refuses a topic that is defined twice.
          if (key.startsWith('record') && other.identity !== definition) continue;
          yield {
            message: key.startsWith('name')
              ? `the name ${name} is already used by ${other.what}`
              : `the record ${record} of ${name} is already used by ${other.what}`,
            loc,
            fix: key.startsWith('name') ? 'choose another name' : 'give each message of a topic its own record',
            related: [{ loc: other.loc, message: 'the first one' }],
          };
        }
      }
  },
};
