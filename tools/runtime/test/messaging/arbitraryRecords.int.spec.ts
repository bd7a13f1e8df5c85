import { readStack } from '@atlas/stack';
import fc from 'fast-check';
import type { IHeaders } from 'kafkajs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { kafkajsPort } from '../../src/adapters/kafkajs/index.ts';
import type { OutgoingRecord } from '../../src/ports/kafka.ts';
import { framed } from '../../src/record/frame.ts';
import { recordingLog } from '../boxOffice.ts';
import { FORMS } from './forms.ts';
import { openHall, openOffice, until, type Halls } from './hall.ts';
import { DLQ, SALES, seatSold } from './tickets.ts';
import { ofKey } from './world.ts';

/** Tests records with arbitrary bytes, because any program with access may write to a topic. */

type Headers = OutgoingRecord['headers'];

let shared: Awaited<ReturnType<typeof openOffice>>;
let halls: Halls;
let schema = 0;
let port: ReturnType<typeof kafkajsPort>;

const good = (showId: string, seat = 1) => framed(schema, seatSold.codec.encode({ showId, seat }));
const PARTITIONS = [0, 1, 2];

function send(partition: number, key: Uint8Array | null, value: Uint8Array | null, headers: Headers) {
  const topic = shared.world.namespace + SALES;
  return port.send([{ topic, partition, key, value, headers, timestamp: new Date() }]);
}

/**
 * Sends a good record to each partition, and waits until they are applied, which means that no partition is stuck
 * before them.
 */
async function passed(show: string) {
  for (const partition of PARTITIONS) await send(partition, Buffer.from(show), good(show, partition), typed);
  await until(async () => expect(new Set(await halls.seats(show))).toEqual(new Set(PARTITIONS)));
}

const typed = { ce_type: seatSold.type };

describe.each(FORMS)('consumed %s', (form) => {
  // topics of its own, because the tests have the same keys
  beforeAll(async () => {
    shared = await openOffice();
    schema = await shared.world.register(seatSold.subject, seatSold.schema);
    const stack = readStack();
    if (!stack) throw new Error('no stack: run `make up` first');
    const { brokers, admin } = stack.kafka;
    port = kafkajsPort({ brokers, ...admin, clientId: 'anybody', log: recordingLog([]) });
  });
  afterAll(async () => {
    await port.close();
    await shared.world.stop();
  });
  beforeEach(async () => {
    halls = await openHall(shared, form);
  });
  afterEach(() => halls.close());

  describe('a header without a value', () => {
    it.each([
      'ce_id',
      'ce_type',
      'ce_source',
      'ce_time',
      'ce_correlationid',
      'ce_sequence',
      'ce_actorid',
      'traceparent',
    ])('is treated as missing if it is %s', async (name) => {
      await halls.open();
      await send(0, Buffer.from(`null ${name}`), good(`null ${name}`), { ...typed, [name]: null });
      await until(async () => expect(await halls.seats(`null ${name}`)).toEqual([1]));
    });

    it('goes unchanged to the dead letters, and so does each value of a header that occurs several times', async () => {
      await halls.open();
      const headers = { none: null, several: [Buffer.from('a'), null, Buffer.from('b')] };
      await send(0, Buffer.from('null dead'), Buffer.from('no avro'), { ...typed, ...headers });
      const [letter] = await shared.world.records(DLQ, ofKey('null dead'), 1);
      expect(letter?.headers).toMatchObject(headers);
    });

    it('survives parking', async () => {
      let fails = 4;
      await halls.open({
        handle: async ({ data }) => {
          if (JSON.stringify(data).includes('null parked') && (fails -= 1) >= 0) throw new Error('not yet');
          return { events: [] };
        },
      });
      await send(0, Buffer.from('null parked'), good('null parked'), { ...typed, none: null });
      await until(() => expect(fails).toBe(-1));
      await until(async () => expect(await halls.query('SELECT FROM atlas_parked_key')).toEqual([]));
    });
  });

  describe('any record', () => {
    const bytes = fc.uint8Array({ maxLength: 64 }).map((array) => Buffer.from(array));
    const value = fc.oneof(
      bytes,
      fc.constant(null),
      fc.string().map((text) => Buffer.from(text)),
    );
    const names = fc.oneof(
      fc.constantFrom('ce_id', 'ce_type', 'ce_time', 'ce_sequence', 'ce_correlationid', 'ce_actorid', 'traceparent'),
      fc.constantFrom('__proto__', 'constructor', 'id', 'a\0b', '', 'attempts'),
      fc.string({ unit: 'binary' }),
    );
    const times = fc
      .constantFrom('+275760-09-13T00:00:00.000Z', '-000001-01-01T00:00:00.000Z')
      .map((text) => Buffer.from(text));
    const headers = fc
      .array(fc.tuple(names, fc.oneof(value, times, fc.array(value, { maxLength: 3 }))), { maxLength: 6 })
      .map((entries): Headers => Object.fromEntries(entries));
    const record = fc.record({
      partition: fc.constantFrom(...PARTITIONS),
      key: fc.oneof(value, fc.uint8Array({ minLength: 2_000, maxLength: 4_000 })),
      value: fc.oneof(
        value,
        bytes.map((body) => framed(schema, body)),
        fc.string().map((showId) => good(showId)),
      ),
      headers,
      isTyped: fc.boolean(),
    });

    it('is applied, skipped, parked or given up, and the records behind it are applied', async () => {
      const member = await halls.open();
      let run = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(record, { minLength: 60, maxLength: 60 }), async (records) => {
          for (const { partition, key, value: body, headers: other, isTyped } of records)
            await send(partition, key, body, isTyped ? { ...other, ...typed } : other);
          await passed(`behind ${(run += 1)}`);
          await until(async () => expect(await halls.query('SELECT FROM atlas_outbox')).toEqual([]));
          expect(member.lines.filter(({ message }) => /gave up|could not|has to wait/.test(message))).toEqual([]);
        }),
        { numRuns: 4, endOnFailure: true },
      );
    });

    it('may have very many headers, even of one name', async () => {
      await halls.open();
      const many: IHeaders = { ...typed, repeated: Array.from({ length: 10_000 }, () => 'v') };
      for (let n = 0; n < 20_000; n++) many[`h${n}`] = 'v';
      const producer = shared.world.kafka.producer();
      await producer.connect();
      const messages = [{ partition: 0, key: 'many', value: 'no avro', headers: many }];
      await producer.send({ topic: shared.world.namespace + SALES, messages });
      await producer.disconnect();
      await passed('behind many');
      const [letter] = await shared.world.records(DLQ, ofKey('many'), 1);
      expect(letter?.headers).toMatchObject({ h19999: Buffer.from('v'), repeated: { length: 10_000 } });
    });
  });
});
