import avsc from 'avsc';
import pg from 'pg';
import type { Ground } from '../ground.ts';
import { tally } from '../messaging.ts';
import type { RunningConsumer } from './ours.ts';
import { reserve, type Order } from './reserve.ts';

const FRAME = 5;

/**
 * The consumer that a person would write by hand with kafkajs, avsc and pg: one transaction per message, with an inbox.
 * It does not park, fence, retry or write dead letters, and it assumes that every message has its own type and schema.
 */
export async function startByHand(
  { kafka, namespace, databaseUrl, message }: Ground,
  { topic, partitionsAtOnce }: { readonly topic: string; readonly partitionsAtOnce: number },
): Promise<RunningConsumer> {
  const pool = new pg.Pool({ connectionString: databaseUrl });
  // pool.end() does not wait for Postgres, so a connection may still get an error when its database is dropped
  pool.on('error', () => undefined);
  const type = avsc.Type.forSchema(JSON.parse(message.schema));
  const { add, after, count } = tally();
  const consumer = kafka.consumer({ groupId: `${namespace}${topic}`, allowAutoTopicCreation: false });
  await consumer.connect();
  await consumer.subscribe({ topics: [namespace + topic], fromBeginning: true });
  await consumer.run({
    partitionsConsumedConcurrently: partitionsAtOnce,
    eachMessage: async ({ message: { value, headers } }) => {
      // cast: avsc gives what the schema of OrderPlaced says
      const order = type.fromBuffer(value?.subarray(FRAME) ?? Buffer.of()) as Order;
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        const inbox = await client.query({
          name: 'bench.inbox',
          text: 'INSERT INTO bench_inbox (event_id) VALUES ($1) ON CONFLICT DO NOTHING',
          values: [String(headers?.['ce_id'])],
        });
        if (inbox.rowCount === 1)
          await reserve(
            async (name, text, values) => (await client.query({ name, text, values: [...values] })).rows,
            order,
          );
        await client.query('COMMIT');
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      } finally {
        client.release();
      }
      add(1);
    },
  });
  return {
    applied: { after, count },
    stop: async () => {
      await consumer.disconnect();
      await pool.end();
    },
  };
}
