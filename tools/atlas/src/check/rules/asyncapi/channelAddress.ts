import type { Rule } from '../../rule.ts';

export const channelAddress: Rule = {
  code: 'ATL3016',
  title: 'invalid channel address',
  explain: {
    why: 'The address of a channel is the name of its Kafka topic. It consists of letters, digits, dots, dashes and underscores. Kafka allows 249 characters; Atlas allows 200, to leave room for a namespace. Addresses with parameters are not supported yet.',
    bad: 'address: bookings/{show}',
    good: 'address: acme.bookings.booking.v1',
  },
  *check({ events }) {
    for (const { key, cursor, address } of events.owned.values()) {
      const place = cursor.get('address');
      if (address === undefined)
        yield {
          message: `channel ${JSON.stringify(key)} has no address`,
          loc: place?.valueLoc ?? cursor.loc,
          fix: 'add an address: the name of the topic',
        };
      else if (/[{}]/.test(address))
        yield {
          message: 'an address with parameters is not supported yet',
          loc: (place ?? cursor).valueLoc,
          fix: 'write the name of one topic',
        };
      else if (!/^[A-Za-z0-9._-]{1,200}$/.test(address) || /^\.{1,2}$/.test(address))
        yield {
          message: `${JSON.stringify(address)} is not a valid topic name`,
          loc: (place ?? cursor).valueLoc,
          fix: 'use at most 200 letters, digits, ".", "-" and "_"',
        };
    }
  },
};
