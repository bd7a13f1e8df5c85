import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConsumerContract } from '../../src/contract/message.ts';
import { FORMS, takeSeat } from './forms.ts';
import { openHall, openOffice, sold, until, watched, type Halls } from './hall.ts';
import { doorOpened, onSeatSold, RETRY, type SeatSold, SALES } from './tickets.ts';

let shared: Awaited<ReturnType<typeof openOffice>>;
let halls: Halls;

const FENCE_OF = 'SELECT epoch FROM atlas_fence WHERE partition = $1';
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

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

  describe('a member', () => {
    it('that is stopped finishes its current events, and the next one continues after them', async () => {
      const begun = Promise.withResolvers<void>();
      const go = Promise.withResolvers<void>();
      const { handle } = watched(async ({ showId }) => {
        if (showId !== 'begun') return;
        begun.resolve();
        await go.promise;
      });
      const first = await halls.open({ handle });
      await halls.sell(sold('begun', 1), sold('begun', 2));
      await begun.promise;
      const stopping = first.stop();
      go.resolve();
      await stopping;
      const begunTogether = form === 'in sets' ? [[1], [1, 2]] : [[1]];
      expect(begunTogether).toContainEqual(await halls.seats('begun'));
      const second = await halls.open();
      await until(async () => expect(await halls.seats('begun')).toEqual([1, 2]));
      expect(await second.metric('atlas_inbox_duplicate_total')).toBe(0);
    });

    it('whose offsets were set back reads everything again, and applies nothing twice', async () => {
      await halls.sell(...numbers(20).map((seat) => sold('again', seat)));
      const first = await halls.open();
      await until(async () => expect(await halls.seats('again')).toEqual(numbers(20)));
      await first.stop();
      const [groupId, topic] = [shared.world.namespace + halls.service, shared.world.namespace + SALES];
      const partitions = [0, 1, 2].map((partition) => ({ partition, offset: '0' }));
      await shared.world.admin.setOffsets({ groupId, topic, partitions });
      const second = await halls.open();
      await halls.sell(sold('again', 20));
      await until(async () => expect(await halls.seats('again')).toEqual(numbers(21)));
      await until(async () => expect(await second.metric('atlas_inbox_duplicate_total')).toBeGreaterThanOrEqual(20));
    });

    it('whose partition was taken over joins again, and the next event is applied once', async () => {
      const { handle, calls } = watched(async () => {});
      const member = await halls.open({ handle });
      await halls.sell(sold('fenced', 1));
      await until(async () => expect(await halls.seats('fenced')).toEqual([1]));
      // only for that partition, because the member keeps the others
      const partition = calls.find(({ showId }) => showId === 'fenced')?.meta.partition;
      await halls.query('UPDATE atlas_fence SET epoch = epoch + 1 WHERE partition = $1', [partition]);
      await halls.sell(sold('fenced', 2));
      await until(async () => expect(await halls.seats('fenced')).toEqual([1, 2]));
      expect(await member.metric('atlas_inbox_fenced_total')).toBe(1);
      expect(calls.filter(({ showId }) => showId === 'fenced')).toHaveLength(2);
    });

    it('keeps its partition until its current event is committed', async () => {
      const begun = Promise.withResolvers<number>();
      const go = Promise.withResolvers<void>();
      const { handle } = watched(async ({ showId, meta }) => {
        if (showId !== 'kept') return;
        begun.resolve(meta.partition);
        await go.promise;
      });
      const member = await halls.open({ handle });
      await halls.sell(sold('kept', 1));
      const partition = await begun.promise;
      await expect(halls.query(`${FENCE_OF} FOR UPDATE NOWAIT`, [partition])).rejects.toThrow('could not obtain lock');
      go.resolve();
      await until(async () => expect(await halls.query(`${FENCE_OF} FOR UPDATE NOWAIT`, [partition])).toHaveLength(1));
      expect(await halls.seats('kept')).toEqual([1]);
      expect(await member.metric('atlas_inbox_fenced_total')).toBe(0);
    });
  });

  describe('a group', () => {
    it('that grows and shrinks under load applies each event once, in order per key', async () => {
      const shows = ['k1', 'k2', 'k3', 'k4', 'k5', 'k6'];
      const round = async (from: number) => {
        for (const seat of numbers(10)) await halls.sell(...shows.map((show) => sold(show, from + seat)));
      };
      const first = await halls.open();
      await round(0);
      const second = await halls.open();
      await round(10);
      await until(async () => expect((await halls.seats('k1')).length).toBeGreaterThan(5));
      await first.stop();
      await round(20);
      for (const show of shows) await until(async () => expect(await halls.seats(show)).toEqual(numbers(30)));
      expect(await second.metric('atlas_inbox_applied_total')).toBeGreaterThan(0);
    });

    it('of two versions reads the topics of both, and gives each member only topics that it reads', async () => {
      const onDoorOpened: ConsumerContract<SeatSold> = {
        name: 'onDoorOpened',
        message: doorOpened,
        emits: [['DoorOpened'], []],
        retry: RETRY,
      };
      const seen = { old: new Set<string>(), new: new Set<string>() };
      const noting = (version: 'old' | 'new') => ({
        handle: async (...[input, tx]: Parameters<typeof takeSeat>) => {
          seen[version].add(input.meta.type);
          return input.meta.type === doorOpened.type ? { events: [] } : takeSeat(input, tx);
        },
      });
      await halls.open(noting('old'));
      await until(async () => expect(await halls.query('SELECT FROM atlas_fence')).not.toEqual([]));
      await halls.open({ ...noting('new'), consumers: [onSeatSold, onDoorOpened] });
      await halls.sell(...numbers(30).map((n) => sold(`versions ${n}`, n)));
      await until(async () => {
        expect(await halls.query(`SELECT DISTINCT show_id FROM effect WHERE show_id LIKE 'versions%'`)).toHaveLength(
          30,
        );
        expect(seen.new.has(doorOpened.type)).toBe(true);
      });
      expect([...seen.old]).toEqual([onSeatSold.message.type]);
    });
  });
});
