import { orderPlacedEvent } from '../codec/event.ts';
import { interleave } from '../measure.ts';
import { bareLoop } from '../relay/bare.ts';
import { startDrain } from '../relay/drain.ts';
import { openGround } from '../ground.ts';
import type { Row } from '../row.ts';

const ROUNDS = 7;
const EVENTS = 20_000;

/**
 * The relay emptying an outbox, against a loop of `sendBatch` with the same headers. Both use the running stack.
 */
export const relayRow: Row = {
  id: 'relay',
  about: 'the relay emptying an outbox, against a bare `sendBatch` loop',
  needsStack: true,
  run: async (measuring) => {
    const ground = await openGround();
    try {
      const body = ground.message.codec.encode(orderPlacedEvent().ours);
      const drain = await startDrain(ground, body);
      const bare = await bareLoop(ground, body);
      try {
        const comparison = await interleave(
          { name: 'relay drain', run: () => drain.eventsPerSecond(EVENTS) },
          [{ name: 'bare sendBatch', run: () => bare.eventsPerSecond(EVENTS) }],
          { rounds: ROUNDS, warmup: 2, beforeRound: measuring('relay: an outbox of 20,000 events') },
        );
        return [
          {
            title: 'relay: an outbox of 20,000 events',
            unit: 'events/s',
            comparison,
            note: `events of ${body.byteLength} bytes with ten headers, batches of 1,000, acks=all, one in flight; ours claims, frames, sends and deletes, the peer sends messages that were made before`,
          },
        ];
      } finally {
        await drain.stop();
        await bare.stop();
      }
    } finally {
      await ground.clear();
    }
  },
};
