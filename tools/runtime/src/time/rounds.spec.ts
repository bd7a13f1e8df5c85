import { describe, expect, it } from 'vitest';
import type { Clock } from '../ports/clock.ts';
import { Rounds } from './rounds.ts';

/** A clock whose sleeps end only when they are aborted. */
function sleepingClock() {
  const asked: number[] = [];
  const clock: Clock = {
    now: () => new Date(0),
    monotonic: () => 0,
    sleep: async (ms, signal) => {
      asked.push(ms);
      await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }));
    },
  };
  return { asked, clock };
}

describe('rounds', () => {
  it('are followed by a sleep of the length that they return, unless they are woken', async () => {
    const { asked, clock } = sleepingClock();
    const rounds = new Rounds({ clock, round: async () => 100 + asked.length, failed: () => 0 }).start();
    await expect.poll(() => asked).toEqual([100]);
    rounds.wake();
    await expect.poll(() => asked).toEqual([100, 101]);
    await rounds.stop();
    expect(asked).toEqual([100, 101]);
  });

  it('are not followed by a sleep if they were woken while they ran', async () => {
    const { asked, clock } = sleepingClock();
    let count = 0;
    const rounds: Rounds = new Rounds({
      clock,
      round: async () => {
        if ((count += 1) === 1) rounds.wake();
        return count;
      },
      failed: () => 0,
    });
    rounds.start();
    await expect.poll(() => asked).toEqual([2]);
    await rounds.stop();
  });

  it('go on after one that fails', async () => {
    const { asked, clock } = sleepingClock();
    const errors: unknown[] = [];
    const rounds = new Rounds({
      clock,
      round: async () => {
        if (errors.length < 2) throw new Error(`error ${errors.length}`);
        return 7;
      },
      failed: (error) => {
        errors.push(error);
        return 0;
      },
    }).start();
    await expect.poll(() => asked).toEqual([7]);
    await rounds.stop();
    expect(errors.map(String)).toEqual(['Error: error 0', 'Error: error 1']);
  });

  it('end after the one that is under way', async () => {
    const { asked, clock } = sleepingClock();
    const { promise, resolve } = Promise.withResolvers<void>();
    let ended = 0;
    const rounds: Rounds = new Rounds({
      clock,
      round: async () => {
        await promise;
        ended += 1;
        return 1;
      },
      failed: () => 0,
    }).start();
    let isStopped = false;
    const stopping = rounds.stop().then(() => (isStopped = true));
    await new Promise(setImmediate);
    expect([rounds.stopped, isStopped]).toEqual([true, false]);
    resolve();
    await stopping;
    expect([ended, asked]).toEqual([1, []]);
  });
});
