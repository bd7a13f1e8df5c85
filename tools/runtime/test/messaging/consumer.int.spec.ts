import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AtlasError } from '../../src/contract/atlasError.ts';
import { framed } from '../../src/record/frame.ts';
import { FORMS, takeSeat } from './forms.ts';
import { openHall, openOffice, returned, sold, until, watched, type Halls } from './hall.ts';
import { DLQ, DOORS, SALES, seatOf, seatSold } from './tickets.ts';
import { ofEvent, ofKey, type ReadRecord } from './world.ts';

let shared: Awaited<ReturnType<typeof openOffice>>;
let halls: Halls;

describe.each(FORMS)('consumed %s', (form) => {
  // topics of its own, because the tests have the same keys
  beforeAll(async () => {
    shared = await openOffice();
  });
  afterAll(() => shared.world.stop());
  beforeEach(async () => {
    halls = await openHall(shared, form);
  });
  afterEach(() => halls.close());

  describe('a consumer', () => {
    it('applies each event once, in order per key, and passes on actor and cause', async () => {
      const [id] = await halls.sell(sold('once', 1), sold('once', 2), sold('once', 3));
      const { handle, calls } = watched();
      const member = await halls.open({ handle });
      await until(async () => expect(await halls.seats('once')).toEqual([1, 2, 3]));
      const last = calls.at(-1);
      expect(last?.meta).toMatchObject({
        type: seatSold.type,
        source: 'boxoffice',
        sequence: 3n,
        attempt: 1,
        topic: SALES,
      });
      expect(last?.ctx).toMatchObject({ actor: { id: 'kim', roles: [] }, correlationId: 'correlation-1' });
      const isCaused = ({ headers }: ReadRecord) => String(headers?.['ce_causationid']) === id;
      const [caused] = await shared.world.records(DOORS, isCaused, 1);
      expect(String(caused?.headers?.['ce_correlationid'])).toBe('correlation-1');
      expect(String(caused?.headers?.['ce_actorid'])).toBe('kim');
      await until(async () => expect(await member.metric('atlas_inbox_applied_total')).toBe(3));
    });

    it('logs one line per event, with the fields that operators search for', async () => {
      const member = await halls.open({
        handle: async (input, tx) =>
          seatOf(input.data).seat === 2 ? { events: [], noop: 'SOLD' } : takeSeat(input, tx),
      });
      const ids = await halls.sell(sold('logged', 1), sold('logged', 2));
      const lines = () =>
        member.lines.filter(({ message, fields }) => message === 'consumed' && fields['key'] === 'logged');
      await until(() => expect(lines()).toHaveLength(2));
      expect(lines().map(({ level, fields }) => ({ level, ...fields }))).toMatchObject(
        ids.map((eventId, n) => ({
          level: 'info',
          eventId,
          consumer: 'onSeatSold',
          type: seatSold.type,
          topic: shared.world.namespace + SALES,
          partition: expect.any(Number),
          offset: expect.stringMatching(/^\d+$/),
          correlationId: 'correlation-1',
          attempt: 1,
          ms: expect.any(Number),
          outcome: 'applied',
          noop: n === 1 ? 'SOLD' : undefined,
        })),
      );
    });

    it('counts an event that changes nothing, at once or after a retry', async () => {
      let tries = 0;
      const member = await halls.open({
        handle: async (input, tx) => {
          const { showId, seat } = seatOf(input.data);
          if (showId !== 'over') return takeSeat(input, tx);
          if (seat === 2 && tries++ < 4) throw new Error('later');
          return { events: [], noop: 'CLOSED' };
        },
      });
      await halls.sell(sold('over', 1), sold('over', 2), sold('open', 1));
      await until(async () =>
        expect(await member.metric('atlas_inbox_noop_total{consumer="onSeatSold",state="CLOSED"')).toBe(2),
      );
      await until(async () => expect(await halls.seats('open')).toEqual([1]));
      expect(await halls.seats('over')).toEqual([]);
    });

    it('drops copies of an event, wherever they are in the topic', async () => {
      const value = framed(await schemaId(), seatSold.codec.encode({ showId: 'copies', seat: 1 }));
      const headers = { ce_id: '0190f3c1-7a00-7000-8000-00000000c0de', ce_type: seatSold.type };
      const member = await halls.open();
      for (let copy = 0; copy < 3; copy++) await halls.send('copies', value, headers);
      await halls.sell(sold('copies', 2));
      await until(async () => expect(await halls.seats('copies')).toEqual([1, 2]));
      // they are counted after the commit that makes the last seat visible
      await until(async () => expect(await member.metric('atlas_inbox_duplicate_total')).toBe(2));
    });

    it('applies events of two sources that have the same id', async () => {
      const schema = await schemaId();
      const member = await halls.open();
      const send = (source: string, ce_id: string, seat: number) =>
        halls.send('sources', framed(schema, seatSold.codec.encode({ showId: 'sources', seat })), {
          ce_id,
          ce_source: source,
          ce_type: seatSold.type,
          ce_sequence: String(seat),
        });
      await send('one', 'same', 1);
      await send('other', 'same', 7);
      await send('one', 'same', 1);
      await send('other', 'same', 7);
      await send('one', 'next', 2);
      await until(async () => expect(await halls.seats('sources')).toEqual([1, 7, 2]));
      expect(await member.metric('atlas_sequence_broken_total')).toBe(0);
      expect(await halls.query(`SELECT source FROM atlas_inbox WHERE event_id = 'same' ORDER BY 1`)).toEqual([
        { source: 'one' },
        { source: 'other' },
      ]);
    });

    it('skips types that it does not consume, without decoding and without an inbox row', async () => {
      const member = await halls.open();
      await halls.send('skips', Buffer.from('whatever'), { ce_type: 'tickets.boxoffice.Unheard' });
      await halls.sell(returned('skips', 1), sold('skips', 2));
      await until(async () => expect(await halls.seats('skips')).toEqual([2]));
      // the topic's name without the namespace, as in the relay's counters
      await until(async () =>
        expect(await member.metric(`atlas_inbox_skipped_total{topic="${SALES}"`)).toBeGreaterThanOrEqual(2),
      );
      expect(await halls.query(`SELECT FROM atlas_inbox WHERE consumer NOT LIKE 'onSeatSold%'`)).toEqual([]);
      expect(await halls.query(`SELECT FROM atlas_dead WHERE key = 'skips'`)).toEqual([]);
    });

    it('reads records without ce_type by the name of their schema', async () => {
      await halls.open();
      await halls.send('untyped', framed(await schemaId(), seatSold.codec.encode({ showId: 'untyped', seat: 7 })), {});
      await until(async () => expect(await halls.seats('untyped')).toEqual([7]));
    });

    it('reads events of a newer version of the producer', async () => {
      const schema: unknown = JSON.parse(seatSold.schema);
      if (typeof schema !== 'object' || schema === null || !('fields' in schema) || !Array.isArray(schema.fields))
        return;
      const newer = { ...schema, fields: [{ name: 'row', type: 'string', default: '' }, ...schema.fields] };
      const id = await shared.world.register(seatSold.subject, JSON.stringify(newer));
      const body = Buffer.concat([
        Buffer.of(2, 'A'.charCodeAt(0)),
        seatSold.codec.encode({ showId: 'newer', seat: 3 }),
      ]);
      await halls.open();
      await halls.send('newer', framed(id, body), { ce_type: seatSold.type });
      await until(async () => expect(await halls.seats('newer')).toEqual([3]));
    });

    it('sends bytes that cannot be decoded to the dead letters unchanged, and goes on', async () => {
      const member = await halls.open();
      const headers = { ce_type: seatSold.type, ce_id: `garbage-${halls.service}`, ce_correlationid: 'c-9' };
      await halls.send('poison', Buffer.from('no avro'), headers);
      await halls.sell(sold('poison', 1));
      await until(async () => expect(await halls.seats('poison')).toEqual([1]));
      await until(async () => expect(await member.metric('atlas_dead_letters_total{reason="undecodable"')).toBe(1));
      const [letter] = await shared.world.records(DLQ, ofEvent(headers.ce_id), 1);
      expect(letter?.value?.toString()).toBe('no avro');
      expect(letter?.key?.toString()).toBe('poison');
      const text = (name: string) => String(letter?.headers?.[name]);
      expect(text('kafka_dlt-original-topic')).toBe(shared.world.namespace + SALES);
      expect(text('kafka_dlt-original-consumer-group')).toBe(shared.world.namespace + halls.service);
      expect(text('consumer')).toBe('onSeatSold');
      expect(text('correlationid')).toBe('c-9');
      expect(await halls.query('SELECT reason, attempts FROM atlas_dead')).toEqual([
        { reason: 'undecodable', attempts: 1 },
      ]);
    });

    it.each([
      ['bytes', Buffer.alloc(1_048_200, 'x'), {}],
      ['headers', Buffer.from('no avro'), { big: Buffer.alloc(1_048_000) }],
    ])(
      'sends a dead letter that has too many %s for the broker without them; its key goes on',
      async (what, value, more) => {
        const key = `large ${what}`;
        const member = await halls.open();
        await halls.send(key, value, { ce_type: seatSold.type, ce_id: key, ...more });
        await halls.send(key, Buffer.from('small'), { ce_type: seatSold.type, ce_id: `${key}, small` });
        await halls.sell(sold(key, 1));
        const [large, small] = await shared.world.records(DLQ, ofKey(key), 2);
        expect(small?.value?.toString()).toBe('small');
        expect(large?.value).toBeNull();
        const text = (name: string) => String(large?.headers?.[name]);
        expect(text('ce_id')).toBe(key);
        expect(text('kafka_dlt-original-topic')).toBe(shared.world.namespace + SALES);
        expect(text('atlas_body_bytes')).toBe(String(value.byteLength));
        const [kept] = await halls.query('SELECT body, headers FROM atlas_dead WHERE id = $1', [text('atlas_dead_id')]);
        expect(kept?.['body']).toEqual(value);
        expect(Object.keys(kept?.['headers'] ?? {})).toEqual(expect.arrayContaining(Object.keys(more)));
        await until(async () => expect(await halls.seats(key)).toEqual([1]));
        await until(async () => expect(await halls.query('SELECT FROM atlas_outbox')).toEqual([]));
        expect(await member.metric('atlas_dead_letters_total{reason="refused"')).toBe(0);
      },
    );

    it('waits for the registry as long as it is unavailable, and drops nothing', async () => {
      let away = true;
      let asked = 0;
      await halls.sell(sold('away', 1), sold('away', 2));
      await halls.open({
        registry: (registry) => ({
          ...registry,
          schemaOf: async (id) => {
            asked += 1;
            if (away) throw new AtlasError('ATLAS_REGISTRY_UNAVAILABLE', 'no answer');
            return registry.schemaOf(id);
          },
        }),
      });
      await until(() => expect(asked).toBeGreaterThan(2));
      expect(await halls.seats('away')).toEqual([]);
      away = false;
      await until(async () => expect(await halls.seats('away')).toEqual([1, 2]));
      expect(await halls.query(`SELECT FROM atlas_dead WHERE key = 'away'`)).toEqual([]);
    });
  });
});

async function schemaId(): Promise<number> {
  return shared.world.register(seatSold.subject, seatSold.schema);
}
