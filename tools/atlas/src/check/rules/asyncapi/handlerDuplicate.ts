import type { Rule } from '../../rule.ts';
import type { AsyncOperationView } from '../../../read/asyncapi/events.ts';
import { batchOf } from '../../../read/extensions/batch.ts';

export const handlerDuplicate: Rule = {
  code: 'ATL3022',
  title: 'duplicate handler',
  explain: {
    why: 'A service handles a message in one place: on<Message>, or the handler of an operation with x-atlas-batch. Messages with the same name from two owners need different names.',
    bad: 'onSeats: { action: receive, ... } # SeatsTaken\nalsoOnSeats: { action: receive, ... } # SeatsTaken',
    good: 'onSeats: { action: receive, ... } # SeatsTaken',
  },
  *check({ events }) {
    for (const { operations } of events.documents) {
      const first = new Map<string, AsyncOperationView>();
      for (const operation of operations) {
        if (operation.action !== 'receive') continue;
        for (const { name } of operation.messages) {
          const key = name.toLowerCase();
          const other = first.get(key);
          if (!other) first.set(key, operation);
          else
            yield {
              message: batchOf(other.cursor).policy
                ? `${name} is already in the sets of operation ${JSON.stringify(other.key)}`
                : `on${name} is already the handler of operation ${JSON.stringify(other.key)}`,
              loc: operation.cursor.loc,
              fix: 'list the message in only one receive operation',
              related: [{ loc: other.cursor.loc, message: 'the first one' }],
            };
        }
      }
    }
  },
};
