import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/clock/systemClock.ts';
import { ONLY_EVENTS } from '../../src/outbox/written.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { openHall, openOffice, sold, until, watched, type Halls } from './hall.ts';
import { boxOffice } from './tickets.ts';

/** Somebody sets the clock of the machine while the service runs. */

const HOUR_MS = 3_600_000;
const STEPS = [
  ['back', -HOUR_MS],
  ['forward', HOUR_MS],
] as const;

let shared: Awaited<ReturnType<typeof openOffice>>;
let halls: Halls;

beforeAll(async () => {
  shared = await openOffice();
});
afterAll(() => shared.world.stop());
beforeEach(async () => {
  halls = await openHall(shared);
});
afterEach(() => halls.close());

/** The machine's clock, whose date the test may set. */
function setClock(): { readonly clock: Clock; by: number } {
  const set = { by: 0, clock: { ...systemClock, now: () => new Date(Date.now() + set.by) } };
  return set;
}

describe('a standby whose clock steps', () => {
  it.each(STEPS)('%s by an hour takes the lease over and publishes', async (_where, by) => {
    const { world } = shared;
    const database = await world.database();
    const set = setClock();
    const leader = await world.start({ contract: boxOffice, database });
    await until(async () => expect(await leader.metric('atlas_relay_leads')).toBe(1));
    const standby = await world.start({ contract: boxOffice, database, clock: set.clock });
    const asked = async () => (await standby.messaging.readiness()).find(({ name }) => name === 'relay')?.ok;
    await until(async () => expect(await asked()).toBe(true));
    set.by = by;
    // as commits do, also of a standby
    const waking = setInterval(() => standby.messaging.wake(ONLY_EVENTS), 5);
    await world.commit(database, [sold('standby', 1)]);
    await until(async () => expect(await database.query('SELECT FROM atlas_outbox')).toEqual([]));
    await leader.stop();
    await world.commit(database, [sold('standby', 2)]);
    await until(async () => expect(await database.query('SELECT FROM atlas_outbox')).toEqual([]));
    await until(async () => expect(await standby.metric('atlas_outbox_published_total')).toBe(1));
    clearInterval(waking);
    await standby.stop();
  });
});

describe('a parked key', () => {
  it.each(STEPS)(
    'is tried again soon although the clock was wrong when it was parked, and steps %s',
    async (step, by) => {
      const set = setClock();
      // a hall reads what was sold before it opened as well
      const show = `stepped-${step}`;
      let isBroken = true;
      const { handle } = watched(({ showId, seat }) => {
        if (showId === show && seat === 1 && isBroken) throw new Error('not yet');
      });
      const member = await halls.open({ handle, clock: set.clock, retry: { retries: 1_000 } });
      set.by = by;
      await halls.sell(sold(show, 1), sold(show, 2));
      await until(async () => expect(await halls.query('SELECT FROM atlas_parked')).toHaveLength(2));
      set.by = 0;
      isBroken = false;
      await until(async () => expect(await halls.seats(show)).toEqual([1, 2]));
      await until(async () => expect(await halls.query('SELECT FROM atlas_parked_key')).toEqual([]));
      expect((await member.messaging.readiness()).every(({ ok }) => ok)).toBe(true);
    },
  );
});
