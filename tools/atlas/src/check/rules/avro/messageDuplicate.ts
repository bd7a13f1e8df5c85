import type { Finding } from '../../../diagnostics/diagnostic.ts';
import type { Rule } from '../../rule.ts';

export const messageDuplicate: Rule = {
  code: 'ATL5008',
  title: 'duplicate message',
  explain: {
    why: 'A service has one file per message, so the names of its messages are unique. A consumer identifies a message by its Avro record (ce_type), so records are unique in the whole system.',
    bad: 'bookings: { messages: { BookingMade: ... } }\narchive: { messages: { BookingMade: ... } }',
    good: 'bookings: { messages: { BookingMade: ... } }\narchive: { messages: { BookingArchived: ... } }',
  },
  *check({ events, avro }) {
    const names = new Map<
      string,
      { readonly what: string; readonly loc: Finding['loc']; readonly topic: string | undefined }
    >();
    for (const { messages, owner, key: channel, address: topic } of events.owned.values())
      for (const { name, cursor } of messages) {
        const loc = cursor.via?.loc ?? cursor.loc;
        const record = avro.of(cursor.get('payload'))?.record?.name;
        const keys = [`name ${owner} ${name.toLowerCase()}`, ...(record === undefined ? [] : [`record ${record}`])];
        for (const key of keys) {
          const other = names.get(key);
          if (!other) {
            names.set(key, { what: `message ${name} on channel ${JSON.stringify(channel)} of ${owner}`, loc, topic });
            continue;
          }
          // Another rule refuses a topic that is defined twice.
          if (key.startsWith('record') && topic !== undefined && topic === other.topic) continue;
          yield {
            message: key.startsWith('name')
              ? `the name ${name} is already used by ${other.what}`
              : `the record ${record} of ${name} is already used by ${other.what}`,
            loc,
            fix: key.startsWith('name') ? 'choose another name' : 'give each message its own record',
            related: [{ loc: other.loc, message: 'the first one' }],
          };
        }
      }
  },
};
