import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { stubSessions } from '../../test/stubStore.ts';
import { contract } from '../../test/timers/reminders.ts';
import { recordingLog } from '../../test/boxOffice.ts';
import { promMetrics } from '../adapters/prom-client/promMetrics.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/sql.ts';
import { Later } from './later.ts';

/** A clock whose sleeps end only when they are woken. */
const CLOCK: Clock = {
  now: () => new Date(0),
  monotonic: () => 0,
  sleep: (_, signal) =>
    new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true })),
};

/** Timers and effects over a database without rows. `looks` lists the kinds that they have looked for. */
function idle() {
  const looks: unknown[] = [];
  const store: Store = {
    transaction: () => Promise.reject(new Error('nothing is due')),
    read: (work) =>
      work({
        query: async ({ name }, values = []) => {
          if (name === 'atlas_timer_claim') looks.push(values[0]);
          return [];
        },
      }),
    close: async () => undefined,
  };
  const metrics = promMetrics('bookings');
  const dead = metrics.counter('atlas_dead_letters_total', 'Events that were given up', ['reason']);
  const handlers = {
    timers: { onHoldExpiry: async () => ({ events: [] }) },
    effects: { chargeCard: { perform: async () => ({}), settle: async () => ({ events: [] }) } },
  };
  const parts = { contract, store, clock: CLOCK, txOf: stubSessions.txOf, log: recordingLog([]), metrics };
  const later = Later.of({ ...parts, ...handlers }, dead, () => undefined);
  if (!later) throw new Error('the contract has no timers');
  return { later, looks, metrics };
}

describe('timers and effects', () => {
  it.each([
    ['nothing after a commit that has left only events', { events: true }, []],
    ['timers after a commit that has set some that are due before the next look', { timers: new Date(999) }, ['timer']],
    ['nothing after a commit that has set only later timers', { events: true, timers: new Date(1_000) }, []],
    ['effects after a commit that has started some', { effects: true }, ['effect']],
  ])('look for %s', async (_what, written, expected) => {
    const { later, looks } = idle();
    await expect.poll(() => looks.length).toBe(2);
    // wait until both sleep
    await turn();
    looks.length = 0;
    later.wake({ timers: undefined, effects: false, ...written });
    await turn();
    expect(looks).toEqual(expected);
    await later.stop();
  });

  it('have all their counters from the start, with 0', async () => {
    const { later, metrics } = idle();
    const text = await metrics.text();
    for (const name of ['fired', 'failed', 'gone'])
      for (const labels of ['kind="timer",name="holdExpiry"', 'kind="effect",name="chargeCard"'])
        expect(text).toContain(`atlas_timer_${name}_total{${labels},service="bookings"} 0\n`);
    expect(text).toContain('atlas_dead_letters_total{reason="failed",service="bookings"} 0\n');
    await later.stop();
  });
});
