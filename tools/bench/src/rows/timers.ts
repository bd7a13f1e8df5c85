import { contract } from '@atlas/generated-inventory';
import { orderPlacedEvent } from '../codec/event.ts';
import { openGround } from '../ground.ts';
import { interleave } from '../measure.ts';
import { startDrain } from '../relay/drain.ts';
import { NotMeasurable, type Row } from '../row.ts';

const ROUNDS = 7;
const COUNT = 10_000;
const DATA = { orderId: '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e77' };

/** Many timers that are due at once, against the relay of the same process with the same number of events. */
export const timersRow: Row = {
  id: 'timers',
  about: '10,000 timers that are due at once, against the relay emptying an outbox of as many events',
  needsStack: true,
  run: async (measuring) => {
    const timer = contract.timers?.find(({ name }) => name === 'reservationExpiry');
    if (!timer) throw new NotMeasurable('there is no timer reservationExpiry any more');
    const ground = await openGround();
    try {
      const drain = await startDrain(ground, ground.message.codec.encode(orderPlacedEvent().ours), [timer]);
      try {
        const comparison = await interleave(
          { name: 'timers', run: () => drain.timersPerSecond(timer, DATA, COUNT) },
          [{ name: 'relay drain', run: () => drain.eventsPerSecond(COUNT) }],
          { rounds: ROUNDS, warmup: 2, beforeRound: measuring('timers: 10,000 due at once') },
        );
        const note =
          'one process; timers are claimed by 500, and fired by 100 in a transaction with a handler that changes nothing; the relay as in its own row';
        return [{ title: 'timers: 10,000 due at once', unit: 'events/s', comparison, note }];
      } finally {
        await drain.stop();
      }
    } finally {
      await ground.clear();
    }
  },
};
