import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FORMS, takeSeat } from './forms.ts';
import { openHall, openOffice, sold, until, watched, type Halls } from './hall.ts';
import { DLQ, SALES, seatOf } from './tickets.ts';
import { ofEvent } from './world.ts';

let shared: Awaited<ReturnType<typeof openOffice>>;
let halls: Halls;

/**
 * A handler that fails `times` times for one seat of one show. Failures of a whole set do not count as failures of the
 * event.
 */
function failing(show: string, seat: number, times: number) {
  let left = times;
  const hall = watched((call) => {
    if (call.showId !== show || call.seat !== seat || left === 0) return;
    if (call.isAlone) left -= 1;
    throw new Error(`seat ${seat} is broken`);
  });
  return {
    ...hall,
    attempts: () =>
      hall.calls
        .filter((call) => call.isAlone && call.showId === show && call.seat === seat)
        .map(({ meta }) => meta.attempt),
  };
}

const parked = () => halls.query('SELECT state, attempts FROM atlas_parked_key');
const queue = () =>
  halls
    .query(`SELECT convert_from(key, 'UTF8') AS key, consumer, attempts FROM atlas_parked ORDER BY id`)
    .then((found) => found.map(({ key }) => key));

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

  describe('a handler that fails', () => {
    it('twice is retried in place, and nothing is parked', async () => {
      const { handle, attempts } = failing('in place', 1, 2);
      await halls.sell(sold('in place', 1), sold('in place', 2));
      await halls.open({ handle });
      await until(async () => expect(await halls.seats('in place')).toEqual([1, 2]));
      expect(attempts()).toEqual([1, 2, 3]);
      expect(await parked()).toEqual([]);
    });

    it('more often has its key parked: later events of the key wait, others go on, the order stays', async () => {
      const { handle, attempts } = failing('parked', 1, 5);
      const retry = { baseMs: 200, capMs: 400 };
      await halls.sell(sold('parked', 1), sold('parked', 2), sold('free', 1), sold('parked', 3), sold('free', 2));
      await halls.open({ handle, retry });
      await until(async () => expect(await halls.seats('free')).toEqual([1, 2]));
      await until(async () => expect(await halls.seats('parked')).toEqual([1, 2, 3]));
      expect(attempts()).toEqual([1, 2, 3, 4, 5, 6]);
      await until(async () => expect(await parked()).toEqual([]));
      expect(await queue()).toEqual([]);
    });

    it('in every try has its event given up after five retries; the key is held, others go on', async () => {
      const { handle, attempts } = failing('held', 1, 99);
      const member = await halls.open({ handle });
      const [id] = await halls.sell(sold('held', 1), sold('held', 2), sold('also free', 1));
      await until(async () => expect(await parked()).toEqual([{ state: 'held', attempts: 6 }]));
      expect(attempts()).toEqual([1, 2, 3, 4, 5, 6]);
      await halls.sell(sold('held', 3), sold('also free', 2));
      await until(async () => expect(await halls.seats('also free')).toEqual([1, 2]));
      await until(async () => expect(await queue()).toEqual(['held', 'held']));
      expect(await halls.seats('held')).toEqual([]);

      const [letter] = await shared.world.records(DLQ, ofEvent(id), 1);
      expect(String(letter?.headers?.['attempts'])).toBe('6');
      expect(String(letter?.headers?.['kafka_dlt-exception-message'])).toContain('seat 1 is broken');
      expect(String(letter?.headers?.['ce_type'])).toBe('tickets.boxoffice.SeatSold');
      expect(letter?.value?.[0]).toBe(0);
      expect(await halls.query('SELECT side, consumer, event_id, reason, attempts FROM atlas_dead')).toEqual([
        { side: 'consume', consumer: 'onSeatSold', event_id: id, reason: 'failed', attempts: 6 },
      ]);
      await until(async () => expect(await member.metric('atlas_dead_letters_total{reason="failed"')).toBe(1));

      // the stack is only in the log
      const failures = member.lines.filter(({ message }) => message.startsWith('a consumer failed'));
      const stacks = failures.map(({ fields }) => (fields['err'] instanceof Error ? fields['err'].stack : undefined));
      expect(stacks).toEqual(Array.from({ length: 6 }, () => expect.stringContaining('parking.int.spec.ts')));
      expect(JSON.stringify(letter?.headers)).not.toContain('parking.int.spec.ts');
      const stored = await halls.query(
        'SELECT error FROM atlas_dead UNION ALL SELECT last_error FROM atlas_parked_key',
      );
      expect(stored).toEqual([{ error: 'Error: seat 1 is broken' }, { error: 'Error: seat 1 is broken' }]);
    });

    it('in every try does not hold its key if the spec says `continue`', async () => {
      const { handle } = failing('goes on', 1, 99);
      await halls.open({ handle, retry: { onDead: 'continue' } });
      await halls.sell(sold('goes on', 1), sold('goes on', 2), sold('goes on', 3));
      await until(async () => expect(await halls.seats('goes on')).toEqual([2, 3]));
      await until(async () => expect(await parked()).toEqual([]));
      expect(await halls.query('SELECT attempts FROM atlas_dead')).toEqual([{ attempts: 6 }]);
    });

    it('without retries has its event given up at once, and its key is held', async () => {
      const { handle, attempts } = failing('at once', 1, 99);
      await halls.open({ handle, retry: { retries: 0 } });
      await halls.sell(sold('at once', 1), sold('at once', 2));
      await until(async () => expect(await queue()).toEqual(['at once']));
      expect(attempts()).toEqual([1]);
      expect(await parked()).toEqual([{ state: 'held', attempts: 1 }]);
    });

    it('has its writes rolled back, and so has one that returns an event outside its contract', async () => {
      await halls.open({
        retry: { retries: 1 },
        handle: async (input, tx) => {
          const right = await takeSeat(input, tx);
          // partitions are consumed concurrently, so only the event says which call this is
          return seatOf(input.data).showId === 'undeclared' ? { events: [{ type: 'Undeclared', data: {} }] } : right;
        },
      });
      await halls.sell(sold('undeclared', 1));
      await until(async () => expect(await parked()).toEqual([{ state: 'held', attempts: 2 }]));
      expect(await halls.seats('undeclared')).toEqual([]);
      const [dead] = await halls.query('SELECT error FROM atlas_dead');
      expect(dead?.['error']).toContain('Undeclared');
    });
  });

  describe('parked events', () => {
    it('of a consumer that does not exist any more keep no others from being retried, and are logged once', async () => {
      const { handle } = failing('late', 1, 3);
      const member = await halls.open({ handle });
      await halls.query(
        `INSERT INTO atlas_parked_key
       SELECT $1, sha256(n::text::bytea), n % 3, 'retrying', 3, now() - interval '1 hour', now(), 'gone'
       FROM generate_series(1, 120) AS n`,
        [shared.world.namespace + SALES],
      );
      await halls.query(
        `INSERT INTO atlas_parked (topic, key, partition, record_offset, consumer, event_id, attempts, body, headers,
         occurred_at, parked_at)
       SELECT topic, key, partition, 0, 'onSeatPainted', 'painted', 3, NULL, $1, now(), now()
       FROM atlas_parked_key`,
        [{ ce_type: Buffer.from('tickets.boxoffice.SeatPainted').toString('base64') }],
      );
      await halls.sell(sold('late', 1), sold('late', 2));
      await until(async () => expect(await halls.seats('late')).toEqual([1, 2]));
      const orphans = `SELECT FROM atlas_parked_key WHERE last_error = 'there is no consumer onSeatPainted'`;
      await until(async () => expect(await halls.query(`${orphans} AND attempts = 3`)).toHaveLength(120));
      expect(member.lines.filter(({ message }) => /this version does not have/.test(message))).toHaveLength(1);
      expect(await member.metric('atlas_parked_without_consumer_total')).toBeGreaterThanOrEqual(120);
    });

    it('survive the end of the process that parked them', async () => {
      const broken = failing('survives', 1, Infinity);
      // there are enough retries, so that it is not given up before the process has ended
      const first = await halls.open({ handle: broken.handle, retry: { retries: 1_000, baseMs: 2_000, capMs: 4_000 } });
      await halls.sell(sold('survives', 1), sold('survives', 2));
      await until(async () => expect(await queue()).toEqual(['survives', 'survives']));
      await first.stop();
      await halls.query('UPDATE atlas_parked_key SET next_at = now()');
      await halls.open();
      await until(async () => expect(await halls.seats('survives')).toEqual([1, 2]));
      await until(async () => expect(await parked()).toEqual([]));
    });
  });
});
