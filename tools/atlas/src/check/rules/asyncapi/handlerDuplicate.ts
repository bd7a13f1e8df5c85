import type { Rule } from '../../rule.ts';
import type { AsyncOperationView, MessageView } from '../../../read/asyncapi/events.ts';
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
      const first = new Map<string, { readonly operation: AsyncOperationView; readonly message: MessageView }>();
      for (const operation of operations) {
        if (operation.action !== 'receive') continue;
        for (const message of operation.messages) {
          const { name } = message;
          const key = name.toLowerCase();
          const other = first.get(key);
          if (!other) {
            first.set(key, { operation, message });
            continue;
          }
          const { operation: before } = other;
          const isSame = other.message.identity === message.identity && before.channel === operation.channel;
          yield {
            message: batchOf(before.cursor).policy
              ? `${name} is already in the sets of operation ${JSON.stringify(before.key)}`
              : `on${name} is already the handler of operation ${JSON.stringify(before.key)}`,
            loc: operation.cursor.loc,
            fix: isSame
              ? 'list the message in only one receive operation'
              : 'these are two messages: give one of them another key in its channel',
            related: [{ loc: before.cursor.loc, message: 'the first one' }],
          };
        }
      }
    }
  },
};
