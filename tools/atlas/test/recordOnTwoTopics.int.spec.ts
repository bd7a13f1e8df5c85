import { describe, expect, it } from 'vitest';
import { bootedCase } from './harness/bootedCase.ts';

const RECORD = 'acme.bookings.Placed';
/** Two topics of one service and one of another, with the handler of each. */
const TOPICS = {
  'acme.bookings.v1': 'onPlaced',
  'acme.bookings.again.v1': 'onPlacedAgain',
  'acme.returns.v1': 'onReturned',
};

describe('a service that reads one record from several topics', () => {
  it('gets the events of each topic in the handler of that topic', async () => {
    await using running = await bootedCase('record-on-two-topics', ['c']);
    const { bench } = running;
    const producer = bench.kafka.producer();
    await producer.connect();
    for (const topic of Object.keys(TOPICS)) {
      const { id } = Object(await bench.registry(`/subjects/${bench.namespace}${topic}-${RECORD}/versions/latest`));
      const frame = Buffer.alloc(5);
      frame.writeInt32BE(Number(id), 1);
      const value = Buffer.concat([frame, Buffer.of(2 * topic.length), Buffer.from(topic)]);
      // the ids are unique per source, and each topic has its own
      const headers = { ce_specversion: '1.0', ce_id: '1', ce_source: topic, ce_type: RECORD };
      await producer.send({ topic: bench.namespace + topic, messages: [{ key: topic, value, headers }] });
    }
    await producer.disconnect();
    const placed = async (): Promise<unknown> => {
      const found = await running.service('c').query('SELECT booking_id, handler FROM placed');
      return Object.fromEntries(found.map(({ booking_id: booking, handler }) => [booking, handler]));
    };
    await expect.poll(placed, { timeout: 30_000 }).toEqual(TOPICS);
    expect(await running.service('c').query('SELECT FROM atlas_dead')).toEqual([]);
  });
});
