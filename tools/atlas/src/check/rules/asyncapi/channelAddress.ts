import type { Rule } from '../../rule.ts';

export const channelAddress: Rule = {
  code: 'ATL3016',
  title: 'a channel without a topic',
  explain: {
    why: "The channel's address is the name of its topic: letters, digits, dots, dashes and underscores, 249 at most (with room for a namespace: 200). Addresses with parameters are not supported yet.",
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
          fix: 'add address: the name of its topic',
        };
      else if (/[{}]/.test(address))
        yield {
          message: 'an address with parameters is not supported yet',
          loc: (place ?? cursor).valueLoc,
          fix: 'write the name of one topic',
        };
      else if (!/^[A-Za-z0-9._-]{1,200}$/.test(address) || /^\.{1,2}$/.test(address))
        yield {
          message: `${JSON.stringify(address)} can not name a topic`,
          loc: (place ?? cursor).valueLoc,
          fix: 'use letters, digits, ".", "-" and "_", 200 at most',
        };
    }
  },
};
