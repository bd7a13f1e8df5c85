import { describe, expect, it } from 'vitest';
import { bootedCase } from './harness/bootedCase.ts';

/** How other programs frame a value: a zero byte, the id of the schema in four bytes, and Avro binary. */
function framed(id: number, ...body: readonly (string | number)[]): Buffer {
  const parts = body.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(part)));
  return Buffer.concat([Buffer.of(0, id >>> 24, id >>> 16, id >>> 8, id), ...parts]);
}

const HALL = { type: 'record', name: 'Hall', namespace: 'programme', fields: [{ name: 'name', type: 'string' }] };
/** A version that is older than the reader's copy: another order, one field more, and one fewer. */
const SHOW_MOVED = {
  type: 'record',
  name: 'ShowMoved',
  namespace: 'programme',
  fields: [
    { name: 'hall', type: 'programme.Hall' },
    { name: 'seats', type: 'int' },
    { name: 'showId', type: 'string' },
  ],
};

describe('a service that reads a topic of programs without Atlas', () => {
  it('gets their records, with subjects of their own, references between schemas, and no headers', async () => {
    const topic = 'programme.shows';
    await using running = await bootedCase('foreign-topic-read', ['posters'], async ({ admin, namespace }) => {
      const topics = [{ topic: namespace + topic, numPartitions: 1 }];
      await admin.createTopics({ topics, waitForLeaders: false });
    });
    const { bench } = running;
    const posters = running.service('posters');
    const register = async (subject: string, schema: unknown, references: readonly object[] = []): Promise<number> => {
      const body = { schema: JSON.stringify(schema), references };
      const answer = Object(await bench.registry(`/subjects/${bench.namespace}${subject}/versions`, 'POST', body));
      return Number(answer.id);
    };
    await register('programme.Hall', HALL);
    const hall = { name: 'programme.Hall', subject: `${bench.namespace}programme.Hall`, version: 1 };
    const moved = await register(`${topic}-value`, SHOW_MOVED, [hall]);
    const other = await register('programme.Hall-other', { ...HALL, name: 'HallClosed' });
    const producer = bench.kafka.producer();
    await producer.connect();
    await producer.send({
      topic: bench.namespace + topic,
      messages: [
        { value: framed(moved, 10, 'Opera', 4, 6, 'S-1') },
        { key: Buffer.of(0, 0, 0, 7), value: framed(other, 10, 'Opera') },
        { key: Buffer.of(0, 0, 0, 7), value: framed(moved, 10, 'Oper') },
        { value: '{"showId":"S-2"}' },
        { value: framed(moved, 8, 'Cafe', 4, 6, 'S-3') },
      ],
    });
    await producer.disconnect();
    const shown = () =>
      posters.query(`SELECT split_part(event_id, '/', 3) AS at, show_id, hall, until FROM poster ORDER BY event_id`);
    const until = '9223372036854775807';
    await expect.poll(shown, { timeout: 30_000 }).toEqual([
      { at: '0', show_id: 'S-1', hall: 'Opera', until },
      { at: '4', show_id: 'S-3', hall: 'Cafe', until },
    ]);
    const dead = () => posters.query('SELECT reason, record_offset FROM atlas_dead');
    await expect.poll(dead, { timeout: 30_000 }).toMatchObject([{ reason: 'undecodable', record_offset: '2' }]);
  });
});
