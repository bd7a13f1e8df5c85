import { sql } from 'slonik';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rows, slonikOf } from '../../src/adapters/slonik/index.ts';
import type { IncomingBatch, KafkaPort } from '../../src/ports/kafka.ts';
import { FORMS, takeSeat } from './forms.ts';
import { openHall, openOffice, sold, until, watched, type Halls } from './hall.ts';
import { seatOf, type Handle } from './tickets.ts';
import { neighbourOf, type Instance } from './world.ts';

/** Tests events that take long: their keys wait, and other keys of their partition go on. */

let shared: Awaited<ReturnType<typeof openOffice>>;
let halls: Halls;

const parked = () => halls.query('SELECT state, attempts, last_error FROM atlas_parked_key');

const failureOf = ({ lines }: Instance) => lines.find(({ message }) => message === 'a consumer failed')?.fields;

/** Calls `special` for one show and takes the seat for all others. */
function except(show: string, special: Handle): Handle {
  return async (input, tx) => (seatOf(input.data).showId === show ? special(input, tx) : takeSeat(input, tx));
}

/** Changes each batch before the consumer gets it. */
function batches(change: (batch: IncomingBatch) => IncomingBatch): (port: KafkaPort) => KafkaPort {
  return (port) => ({
    ...port,
    run: (options, handlers) => port.run(options, { ...handlers, batch: (batch) => handlers.batch(change(batch)) }),
  });
}

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

  describe('an event that waits for a locked row', () => {
    it('has its key parked after one try, and is applied once the row is free', async () => {
      const show = 'locked';
      const free = neighbourOf(show);
      await halls.query(`INSERT INTO effect (show_id) VALUES ('row')`);
      await halls.query('BEGIN');
      await halls.query(`SELECT FROM effect WHERE show_id = 'row' FOR UPDATE`);
      let tries = 0;
      const member = await halls.open({
        handle: async (input, tx) => {
          if (seatOf(input.data).showId === show) {
            if (input.isAlone !== false) tries += 1;
            await slonikOf(tx).query(
              sql.prepared('touch', rows<never>())`UPDATE effect SET seat = 0 WHERE show_id = 'row'`,
            );
          }
          return takeSeat(input, tx);
        },
      });
      await halls.sell(sold(show, 1), sold(free, 1), sold(show, 2));
      await until(async () => expect(await halls.seats(free)).toEqual([1]));
      const locked = { state: 'retrying', last_error: expect.stringContaining('ATLAS_LOCKED') };
      await until(async () => expect(await parked()).toMatchObject([{ ...locked, attempts: tries }]));
      expect(tries).toBe(1);
      expect(await halls.seats(show)).toEqual([]);
      expect((await member.messaging.readiness()).every(({ ok }) => ok)).toBe(true);
      await halls.query('ROLLBACK');
      await until(async () => expect(await halls.seats(show)).toEqual([1, 2]));
      await until(async () => expect(await parked()).toEqual([]));
    });
  });

  describe('a handler that does not return', () => {
    it('is given up: its transaction is cancelled, its key is parked, and what it still writes has no effect', async () => {
      const show = 'stuck';
      const free = neighbourOf(show);
      const go = Promise.withResolvers<void>();
      const late = Promise.withResolvers<unknown>();
      let calls = 0;
      const member = await halls.open({
        handlerMs: 1_000,
        handle: except(show, async (input, tx) => {
          if (input.isAlone !== false) calls += 1;
          if (calls > 1) return takeSeat(input, tx);
          await takeSeat(input, tx);
          await go.promise;
          return takeSeat(input, tx).finally(() => late.resolve(undefined));
        }),
      });
      await halls.sell(sold(show, 1), sold(free, 1), sold(show, 2));
      await until(async () => expect(await halls.seats(free)).toEqual([1]));
      await until(() => expect(failureOf(member)).toMatchObject({ err: { code: 'ATLAS_HANDLER_TIMEOUT' } }));
      go.resolve();
      await late.promise;
      await until(async () => expect(await halls.seats(show)).toEqual([1, 2]));
      expect(await parked()).toEqual([]);
    });

    it('but goes on writing runs none of its statements outside of its transaction', async () => {
      const show = 'busy';
      const free = neighbourOf(show);
      const statement = sql.prepared(
        'slowly',
        rows<never>(),
      )`INSERT INTO effect (show_id) SELECT 'ghost' FROM pg_sleep(0.02)`;
      const end = Promise.withResolvers<unknown>();
      const member = await halls.open({
        handlerMs: 1_000,
        handle: except(show, async (_input, tx) => {
          for (;;) {
            try {
              await slonikOf(tx).query(statement);
            } catch (error) {
              end.resolve(error);
              throw error;
            }
          }
        }),
      });
      await halls.sell(sold(show, 1), sold(free, 1));
      expect(await end.promise).toBeInstanceOf(Error);
      await until(async () => expect(await halls.seats(free)).toEqual([1]));
      await until(() => expect(failureOf(member)).toMatchObject({ err: { code: 'ATLAS_HANDLER_TIMEOUT' } }));
      expect(await halls.seats('ghost')).toEqual([]);
    });
  });

  describe('a member of the group', () => {
    it('sends heartbeats while a handler runs', async () => {
      const show = 'long';
      let running = false;
      let beats = 0;
      const done = Promise.withResolvers<void>();
      await halls.open({
        handle: except(show, async (input, tx) => {
          running = true;
          await done.promise;
          return takeSeat(input, tx);
        }),
        kafka: batches((batch) => ({
          ...batch,
          heartbeat: () => {
            if (running && (beats += 1) > 1) done.resolve();
            return batch.heartbeat();
          },
        })),
      });
      await halls.sell(sold(show, 1));
      await until(async () => expect(await halls.seats(show)).toEqual([1]));
      expect(beats).toBeGreaterThan(1);
    });

    it('counts the tries of an event although its heartbeats fail', async () => {
      const show = 'no pulse';
      const { handle, calls } = watched((call) => {
        if (call.showId === show) throw new Error('no seat');
      });
      await halls.open({
        handle,
        retry: { retries: 3 },
        kafka: batches((batch) => ({ ...batch, heartbeat: () => Promise.reject(new Error('the session is over')) })),
      });
      await halls.sell(sold(show, 1));
      await until(async () => expect(await parked()).toMatchObject([{ state: 'held', attempts: 4 }]));
      expect(calls.filter(({ showId }) => showId === show).map(({ meta }) => meta.attempt)).toEqual([1, 2, 3, 4]);
    });
  });

  describe('a parked key', () => {
    /** Three tries fail. The fourth one, of the parked key, waits until it may go on. */
    function slowly(show: string) {
      const go = Promise.withResolvers<void>();
      const begun = Promise.withResolvers<void>();
      let isOver = false;
      const { handle, calls } = watched(async ({ showId, seat, meta: { attempt } }) => {
        if (showId !== show || seat !== 1 || isOver) return;
        if (attempt < 4) throw new Error('not yet');
        begun.resolve();
        await go.promise;
        isOver = true;
      });
      const attempts = () =>
        calls.filter(({ showId, isAlone }) => isAlone && showId === show).map(({ meta }) => meta.attempt);
      return { handle, go, begun, attempts };
    }

    it('accepts more events while its event is tried for long, and other keys of its partition go on', async () => {
      const show = 'trying';
      const free = neighbourOf(show);
      const { handle, go, begun, attempts } = slowly(show);
      await halls.open({ handle });
      await halls.sell(sold(show, 1));
      await begun.promise;
      await halls.sell(sold(show, 2), sold(free, 1));
      await until(async () => expect(await halls.seats(free)).toEqual([1]));
      await until(async () => expect(await halls.query('SELECT event_id FROM atlas_parked')).toHaveLength(2));
      // the try that was under way then is the one that succeeds
      go.resolve();
      await until(async () => expect(await halls.seats(show)).toEqual([1, 2]));
      expect(attempts()).toEqual([1, 2, 3, 4, 1]);
    });

    it('is not freed while an event is being queued behind it', async () => {
      const show = 'draining';
      const { handle, go, begun, attempts } = slowly(show);
      await halls.open({ handle });
      await halls.sell(sold(show, 1));
      await begun.promise;
      await halls.query('BEGIN');
      await halls.query(
        `INSERT INTO atlas_parked (topic, key, partition, record_offset, consumer, event_id, attempts, record_key, body,
         headers, occurred_at, parked_at)
       SELECT topic, key, partition, record_offset, consumer, 'another', 0, record_key, body, '{}', occurred_at, now()
       FROM atlas_parked`,
      );
      go.resolve();
      // the retrier waits for the transaction that queues
      await until(async () => expect(await halls.query('SELECT FROM pg_locks WHERE NOT granted')).not.toEqual([]));
      await halls.query('COMMIT');
      await until(async () => expect(await halls.seats(show)).toEqual([1, 1]));
      await until(async () => expect(await parked()).toEqual([]));
      expect(attempts()).toEqual([1, 2, 3, 4, 1]);
    });
  });
});
