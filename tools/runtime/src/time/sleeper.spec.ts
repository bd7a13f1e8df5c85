import { describe, expect, it } from 'vitest';
import type { Clock } from '../ports/clock.ts';
import { Sleeper } from './sleeper.ts';

const HOUR_MS = 3_600_000;

/** A clock whose date is set by the test. Its sleeps end when they are aborted. */
function steppingClock() {
  const time = { wall: 0, passed: 0 };
  const asked: number[] = [];
  const clock: Clock = {
    now: () => new Date(time.wall),
    monotonic: () => time.passed,
    sleep: async (ms, signal) => {
      asked.push(ms);
      await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }));
    },
  };
  return { time, asked, sleeper: new Sleeper(clock) };
}

describe('a sleep that is not ended by a wake', () => {
  it.each([
    ['back', -HOUR_MS],
    ['forward', HOUR_MS],
  ])('continues for the rest of its time if the clock jumps %s by an hour', async (_where, step) => {
    const { time, asked, sleeper } = steppingClock();
    const sleeping = sleeper.sleep(100, { wakeable: false });
    time.passed += 40;
    time.wall += 40 + step;
    sleeper.wake();
    await expect.poll(() => asked).toEqual([100, 60]);
    sleeper.stop();
    await sleeping;
  });
});
