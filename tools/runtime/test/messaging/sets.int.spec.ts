import { sql } from 'slonik';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rows, slonikOf } from '../../src/adapters/slonik/index.ts';
import type { ConsumerContract } from '../../src/contract/message.ts';
import type { Tx } from '../../src/contract/handler.ts';
import type { AnyEventResult, AnySetInput } from '../../src/contract/service.ts';
import { framed } from '../../src/record/frame.ts';
import { partitionOf } from '../../src/record/murmur2.ts';
import { DOORS, hall, onSeatSold, seatOf, seatReturned, seatSold } from './tickets.ts';
import { takeSeat } from './forms.ts';
import { openHall, openOffice, returned, sold, until, watched, type Halls } from './hall.ts';
import { neighbourOf, ofKey, type Instance } from './world.ts';

/** Tests what only handlers of sets can do. The neighbours of this file test in both forms what all handlers do. */

let shared: Awaited<ReturnType<typeof openOffice>>;
let halls: Halls;

beforeEach(async () => {
  // topics of its own, so that each set has only events of its own test
  shared = await openOffice();
  halls = await openHall(shared);
});
afterEach(() => shared.world.stop());

type HandleSet = (input: AnySetInput, tx: Tx) => Promise<readonly AnyEventResult[]>;

interface Options {
  readonly max?: number;
  readonly messages?: readonly ConsumerContract<unknown>['message'][];
}

/** Starts a member whose consumer `countSeats` gets sets. It gives an event up after the first try. */
function open(handle: HandleSet, { max = 500, messages = [seatSold, seatReturned] }: Options = {}): Promise<Instance> {
  const consumers = messages.map((message): ConsumerContract<unknown> => ({
    ...onSeatSold,
    name: 'countSeats',
    message,
    batch: { max },
    retry: { ...onSeatSold.retry, retries: 0 },
  }));
  return shared.world.start({
    contract: { ...hall, service: halls.service, consumers },
    database: halls.database,
    consumers: { countSeats: handle },
  });
}

/** Takes all seats, and records the sets in which they came. `before` may throw. */
function noting(before: (input: AnySetInput, tx: Tx) => unknown = () => undefined) {
  const sets: AnySetInput['messages'][] = [];
  const handle: HandleSet = async (input, tx) => {
    sets.push(input.messages);
    await before(input, tx);
    const answers: AnyEventResult[] = [];
    for (const { data, meta } of input.messages) {
      const ctx = { ...input.ctx, actor: { id: 'nobody', roles: [] }, correlationId: meta.correlationId };
      answers.push(await takeSeat({ data, meta, ctx }, tx));
    }
    return answers;
  };
  return { sets, handle, seats: () => sets.map((messages) => messages.map(({ data }) => seatOf(data).seat)) };
}

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n + 1);
/** Waits until the relay has sent everything, so that a member that starts then reads it in one batch. */
const published = () => until(async () => expect(await halls.sales.query('SELECT FROM atlas_outbox')).toEqual([]));
const dead = () => halls.query(`SELECT convert_from(key, 'UTF8') AS key, attempts, error FROM atlas_dead`);

describe('a handler of sets', () => {
  it('gets events of all its types together, in the order of their partition, at most max', async () => {
    const { sets, handle, seats } = noting();
    const show = 'together';
    const ids = await halls.sell(
      ...numbers(7).map((seat) => (seat % 3 === 0 ? returned(show, seat) : sold(show, seat))),
    );
    await published();
    const member = await open(handle, { max: 4 });
    await until(async () => expect(await halls.seats(show)).toEqual(numbers(7)));
    expect(seats()).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7],
    ]);
    expect(sets[0]?.map(({ type }) => type)).toEqual(['SeatSold', 'SeatSold', 'SeatReturned', 'SeatSold']);
    expect(sets.flat().map(({ meta }) => meta.id)).toEqual(ids);
    expect(sets.flat().map(({ meta }) => [meta.attempt, meta.actorId])).toEqual(ids.map(() => [1, 'kim']));
    // each sent event has the cause and the actor of its own message
    const doors = await shared.world.records(DOORS, ofKey(show), 7);
    expect(doors.map(({ headers }) => String(headers?.['ce_causationid']))).toEqual(ids);
    await until(async () =>
      expect(await member.metric('atlas_inbox_applied_total{consumer="countSeats"')).toBe(ids.length),
    );
    expect(await member.metric('atlas_inbox_set_events_count')).toBe(2);
    expect(await member.metric('atlas_inbox_set_events_sum')).toBe(7);
  });

  it.each([1, 3])('has its offset stored in the transaction of its effects, in a set of %i', async (size) => {
    // at the commit, the database must know that the seat's record and all before it are consumed
    await halls.query(`CREATE FUNCTION knows_offset() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF (SELECT sum(next_offset) FROM atlas_fence) IS DISTINCT FROM (SELECT count(*) FROM effect) THEN
        RAISE 'the offset is missing';
      END IF;
      RETURN NULL;
    END $$`);
    await halls.query(`CREATE CONSTRAINT TRIGGER knows_offset AFTER INSERT ON effect DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION knows_offset()`);
    const { handle, seats } = noting();
    await halls.sell(...numbers(size).map((seat) => sold('stored', seat)));
    await published();
    await open(handle);
    await until(async () => expect(await halls.seats('stored')).toEqual(numbers(size)));
    expect(seats()).toEqual([numbers(size)]);
    expect(await dead()).toEqual([]);
  });

  it('gets no copies, also if both are in one set', async () => {
    const { handle, seats } = noting();
    const schema = await shared.world.register(seatSold.subject, seatSold.schema);
    const send = (ce_id: string, seat: number) =>
      halls.send('copies', framed(schema, seatSold.codec.encode({ showId: 'copies', seat })), {
        ce_id,
        ce_type: seatSold.type,
      });
    await send('a', 1);
    await send('b', 2);
    await send('a', 1);
    await send('c', 3);
    const member = await open(handle);
    await until(async () => expect(await halls.seats('copies')).toEqual([1, 2, 3]));
    expect(seats()).toEqual([[1, 2, 3]]);
    await until(async () => expect(await member.metric('atlas_inbox_duplicate_total')).toBe(1));
  });

  it('gets events before and after one of a type that it does not read in one set', async () => {
    const { handle, seats } = noting();
    await halls.sell(sold('around', 1), returned('around', 2), sold('around', 3));
    await published();
    const member = await open(handle, { messages: [seatSold] });
    await until(async () => expect(await halls.seats('around')).toEqual([1, 3]));
    expect(seats()).toEqual([[1, 3]]);
    await until(async () => expect(await member.metric('atlas_inbox_skipped_total')).toBe(1));
  });

  it('that fails on one event gets the others together, and that one alone', async () => {
    const bad = 'bad';
    const good = neighbourOf(bad);
    const { handle, seats } = noting(({ messages }) => {
      if (messages.some(({ data }) => seatOf(data).showId === bad)) throw new Error('no such show');
    });
    await halls.sell(...numbers(8).map((seat) => sold(seat === 3 ? bad : good, seat)));
    await published();
    const member = await open(handle);
    await until(async () => expect(await halls.seats(good)).toEqual([1, 2, 4, 5, 6, 7, 8]));
    expect(seats()).toEqual([numbers(8), [1, 2, 3, 4], [1, 2], [3, 4], [3], [4], [5, 6, 7, 8]]);
    expect(await dead()).toEqual([{ key: bad, attempts: 1, error: 'Error: no such show' }]);
    expect(await member.metric('atlas_inbox_set_split_total{consumer="countSeats",reason="failed"')).toBe(3);
  });

  it('that returns too many results has its events given up, and none of its writes stays', async () => {
    const { handle } = noting();
    const member = await open(async (input, tx) => [...(await handle(input, tx)), { events: [] }]);
    await halls.sell(sold('more', 1));
    const error = expect.stringContaining('countSeats must return one result per message: 2 instead of 1');
    await until(async () => expect(await dead()).toEqual([{ key: 'more', attempts: 1, error }]));
    expect(await halls.seats('more')).toEqual([]);
    expect(await member.metric('atlas_inbox_applied_total')).toBe(0);
  });
});

describe('sets and single events of one partition', () => {
  it('keep their order, and single events between two sets run side by side', async () => {
    const set = noting();
    const both = Promise.withResolvers<void>();
    const single = watched(async () => {
      if (single.calls.length === 2) both.resolve();
      // each waits until the other has begun
      await both.promise;
    });
    const consumers: readonly ConsumerContract<unknown>[] = [
      { ...onSeatSold, name: 'countSeats', batch: { max: 500 } },
      { ...onSeatSold, name: 'onSeatReturned', message: seatReturned },
    ];
    const [one, two] = ['mixed', neighbourOf('mixed')];
    await halls.sell(sold(one, 1), sold(two, 1), returned(one, 2), returned(two, 2), sold(one, 3), sold(two, 3));
    await published();
    const member = await shared.world.start({
      contract: { ...hall, service: halls.service, consumers },
      database: halls.database,
      consumers: { countSeats: set.handle, onSeatReturned: single.handle },
    });
    for (const show of [one, two]) await until(async () => expect(await halls.seats(show)).toEqual([1, 2, 3]));
    expect(set.seats()).toEqual([
      [1, 1],
      [3, 3],
    ]);
    // nothing keeps their offset with their effects, but it is kept soon
    const OFFSET = 'SELECT next_offset FROM atlas_fence WHERE next_offset > 0';
    await until(async () => expect(await halls.query(OFFSET)).toEqual([{ next_offset: '6' }]));
    await member.stop();
  });
});

describe('sets of two partitions that lock the same rows in opposite order', () => {
  it('are all applied: the one that loses is consumed one by one, and no try is counted', async () => {
    const [left, right] = ['left', keyOfAnotherPartition('left')];
    await halls.query(`INSERT INTO effect (show_id, seat, offset_) VALUES ('row', 1, 0), ('row', 2, 0)`);
    const touch = (tx: Tx, seat: number) =>
      slonikOf(tx).query(
        sql.prepared(
          'touch_row',
          rows<never>(),
        )`UPDATE effect SET offset_ = offset_ + 1 WHERE show_id = 'row' AND seat = ${seat}`,
      );
    const both = Promise.withResolvers<void>();
    let begun = 0;
    const { handle, seats } = noting(async ({ messages }, tx) => {
      for (const { data } of messages) {
        await touch(tx, seatOf(data).seat);
        // once both have their first row, each wants the other's row
        if (messages.length === 2 && (begun += 1) === 2) both.resolve();
        if (messages.length === 2) await both.promise;
      }
    });
    await halls.sell(sold(left, 1), sold(left, 2), sold(right, 2), sold(right, 1));
    await published();
    const member = await open(handle);
    await until(async () => expect(await halls.seats(left)).toEqual([1, 2]));
    await until(async () => expect(await halls.seats(right)).toEqual([2, 1]));
    const sizes = seats().map(({ length }) => length);
    expect(sizes.toSorted((one, other) => one - other)).toEqual([1, 1, 2, 2]);
    expect(await halls.query(`SELECT offset_ FROM effect WHERE show_id = 'row'`)).toEqual([
      { offset_: '2' },
      { offset_: '2' },
    ]);
    expect(member.lines.filter(({ message }) => message === 'a consumer failed')).toEqual([]);
    expect(await halls.query('SELECT FROM atlas_parked_key')).toEqual([]);
    expect(await dead()).toEqual([]);
  });
});

function keyOfAnotherPartition(key: string): string {
  const partition = (text: string): number => partitionOf(Buffer.from(text), 3, 0n);
  for (let n = 1; ; n++) if (partition(`${key} ${n}`) !== partition(key)) return `${key} ${n}`;
}
