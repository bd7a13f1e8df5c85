import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AtlasError } from '../../src/contract/atlasError.ts';
import { framed } from '../../src/record/frame.ts';
import { FORMS } from './forms.ts';
import { openHall, openOffice, sold, until, watched, type Halls } from './hall.ts';
import { DLQ, DOORS, seatSold } from './tickets.ts';
import { ofKey } from './world.ts';

/** Tests records that a relay never sends. */

let shared: Awaited<ReturnType<typeof openOffice>>;
let halls: Halls;
let schema = 0;

const typed = { ce_type: seatSold.type };
const good = (showId: string, seat = 1) => framed(schema, seatSold.codec.encode({ showId, seat }));
/** Random bytes can't be compressed. An index would accept a long value that can be. */
const LONG = randomBytes(4_000).toString('hex');
/** A hall also reads the records of earlier halls and tests, so each test uses its own keys. */
const dead = (key: string) => halls.query('SELECT body, reason FROM atlas_dead WHERE key = $1', [Buffer.from(key)]);

describe.each(FORMS)('consumed %s', (form) => {
  // topics of its own, because the tests have the same keys
  beforeAll(async () => {
    shared = await openOffice();
    schema = await shared.world.register(seatSold.subject, seatSold.schema);
  });
  afterAll(() => shared.world.stop());

  describe('a record of a declared type that cannot be decoded', () => {
    // one hall for all, because to join and to leave a group takes longer than a test
    beforeAll(async () => {
      halls = await openHall(shared, form);
      await halls.open();
    });
    afterAll(() => halls.close());

    it.each<[string, () => Buffer | null, Record<string, string | Buffer>]>([
      ['no value: a tombstone', () => null, typed],
      ['no byte', () => Buffer.alloc(0), typed],
      ['another magic byte', () => Buffer.concat([Buffer.of(1), good('x').subarray(1)]), typed],
      ['less than a frame', () => good('x').subarray(0, 3), typed],
      ['a schema id below zero', () => framed(-1, Buffer.of(2, 65, 2)), typed],
      ['half of its bytes', () => good('half').subarray(0, 8), typed],
      ['more than its bytes', () => Buffer.concat([good('more'), Buffer.of(0)]), typed],
      ['a text of gigabytes', () => framed(schema, Buffer.from('fefffffff0ffffffff01', 'hex')), typed],
      ['half of its bytes and no header', () => good('half').subarray(0, 8), {}],
      [
        'ids that are not text',
        () => Buffer.from('no avro'),
        { ...typed, ce_id: Buffer.of(0xff, 0), ce_correlationid: '\0' },
      ],
      [
        'an id that is too long for an index',
        () => Buffer.from('no avro'),
        { ...typed, ce_id: LONG, ce_correlationid: LONG },
      ],
      ['a header that jsonb does not accept', () => Buffer.from('no avro'), { ...typed, 'a\0b': 'c\0d' }],
      ['a malformed time', () => Buffer.from('no avro'), { ...typed, ce_time: 'soon', ce_sequence: 'first' }],
    ])('with %s goes to the dead letters with its bytes, and the partition goes on', async (what, value, headers) => {
      const key = `hostile ${what}`;
      await halls.send(key, value(), headers);
      await halls.sell(sold(key, 2));
      await until(async () => expect(await halls.seats(key)).toEqual([2]));
      const [letter] = await shared.world.records(DLQ, ofKey(key), 1);
      expect(letter?.value).toEqual(value());
      for (const [name, bytes] of Object.entries(headers).filter(([name]) => !name.includes('\0')))
        expect(letter?.headers?.[name]).toEqual(Buffer.from(bytes));
      expect(await dead(key)).toEqual([{ body: value(), reason: 'undecodable' }]);
    });

    it('may have a key that is too long for any index', async () => {
      await halls.send(LONG, Buffer.from('no avro'), typed);
      await halls.sell(sold('after the long key', 1));
      await until(async () => expect(await dead(LONG)).toHaveLength(1));
      const [letter] = await shared.world.records(DLQ, ofKey(LONG), 1);
      expect(letter?.value).toEqual(Buffer.from('no avro'));
    });
  });

  const ownHall = (): void => {
    beforeEach(async () => {
      halls = await openHall(shared, form);
    });
    afterEach(() => halls.close());
  };

  describe('ids that are not text', () => {
    ownHall();

    it('are not treated as equal: both events are applied', async () => {
      await halls.open();
      await halls.send('binary ids', good('binary ids', 1), { ...typed, ce_id: Buffer.of(0xfe) });
      await halls.send('binary ids', good('binary ids', 2), { ...typed, ce_id: Buffer.of(0xff) });
      await until(async () => expect(await halls.seats('binary ids')).toEqual([1, 2]));
    });
  });

  describe('a handler that fails on such a record', () => {
    ownHall();

    it('parks it and gives it up like any other, whatever its key, its ids and the error', async () => {
      const { handle } = watched(({ showId }) => {
        if (showId === 'broken') throw new Error('no seat \0 here');
      });
      await halls.open({ handle });
      const headers = { ...typed, ce_id: 'a\0b', ce_correlationid: LONG, ce_actorid: '\0', ce_causationid: '\0' };
      await halls.send(LONG, good('broken'), { ...headers, traceparent: '00-nonsense' });
      await until(async () => {
        expect(await halls.query('SELECT state, attempts FROM atlas_parked_key')).toEqual([
          { state: 'held', attempts: 6 },
        ]);
      });
      await halls.send(LONG, good('behind'), typed);
      await until(async () => expect(await halls.query('SELECT FROM atlas_parked')).toHaveLength(1));
      const isFailed = ofKey(LONG);
      const letters = await shared.world.records(
        DLQ,
        (record) => isFailed(record) && String(record.headers?.['attempts']) === '6',
        1,
      );
      expect(letters.map(({ value }) => value)).toEqual([good('broken')]);
      expect(String(letters[0]?.headers?.['kafka_dlt-exception-message'])).toContain('no seat \u2400 here');
    });
  });

  describe('the metadata of an event', () => {
    ownHall();

    it('is passed on to the events that it causes: correlation, trace and actor', async () => {
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      await halls.open();
      const headers = {
        ...typed,
        ce_id: `e-${halls.service}`,
        ce_correlationid: 'desk-7',
        ce_actorid: 'kim',
        traceparent,
      };
      await halls.send('traced', good('traced'), headers);
      const [caused] = await shared.world.records(DOORS, ofKey('traced'), 1);
      const sent = Object.entries(caused?.headers ?? {}).map(([name, value]) => [name, String(value)]);
      expect(Object.fromEntries(sent)).toMatchObject({
        ce_correlationid: 'desk-7',
        ce_causationid: headers.ce_id,
        ce_actorid: 'kim',
        traceparent,
      });
    });

    it('raises an alarm if its sequence has a gap, and the event is applied nevertheless', async () => {
      const member = await halls.open();
      for (const n of [1, 3]) await halls.send('gap', good('gap', n), { ...typed, ce_sequence: String(n) });
      await until(async () => expect(await halls.seats('gap')).toEqual([1, 3]));
      await until(async () => expect(await member.metric('atlas_sequence_broken_total')).toBe(1));
      expect(member.lines.find(({ message }) => /not contiguous/.test(message))?.fields).toMatchObject({
        kind: 'gap',
        correlationId: expect.any(String),
      });
    });
  });

  describe('a COMMIT whose outcome is unknown', () => {
    ownHall();

    it.each([
      ['was committed', true, 1],
      ['was rolled back', false, 2],
    ])('and that %s is looked up in the inbox, and the event is applied once', async (_what, kept, runs) => {
      const show = `unknown ${kept}`;
      let lost = false;
      // partitions are consumed concurrently, so the store does not know which event a transaction is about
      const current = new AsyncLocalStorage<{ showId?: string }>();
      const { handle, calls } = watched(({ showId }) => {
        Object.assign(current.getStore() ?? {}, { showId });
      });
      await halls.open({
        handle,
        store: (store) => ({
          ...store,
          transaction: (work) =>
            current.run({}, async () => {
              const isIt = () => !lost && current.getStore()?.showId === show;
              const outcome = await store.transaction(async (session) => {
                const result = await work(session);
                if (!kept && isIt()) {
                  lost = true;
                  throw new AtlasError('ATLAS_COMMIT_UNKNOWN', 'lost before it was committed');
                }
                return result;
              });
              if (kept && isIt()) {
                lost = true;
                throw new AtlasError('ATLAS_COMMIT_UNKNOWN', 'lost after it was committed');
              }
              return outcome;
            }),
        }),
      });
      await halls.sell(sold(show, 1), sold(show, 2));
      await until(async () => expect(await halls.seats(show)).toEqual([1, 2]));
      expect(calls.filter(({ showId, seat }) => showId === show && seat === 1)).toHaveLength(runs);
    });
  });
});
