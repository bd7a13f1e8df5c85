import { afterEach, describe, expect, it, vi } from 'vitest';
import { Pace } from './reading.ts';

afterEach(() => vi.restoreAllMocks());

/** The progress after each second, of 1,000 events. */
function progressOf(read: readonly number[]) {
  const pace = new Pace();
  return read.map((events, second) => {
    vi.spyOn(performance, 'now').mockReturnValue(second * 1_000);
    const { eventsPerSecond, remainingSeconds } = pace.progress(events, 1_000);
    return [eventsPerSecond, remainingSeconds];
  });
}

describe('the progress of a rebuild', () => {
  it('has the rate since the beginning, and a remaining time that falls to 0', () => {
    expect(progressOf([0, 100, 200, 600, 1_000])).toEqual([
      [0, null],
      [100, 9],
      [100, 8],
      [200, 2],
      [250, 0],
    ]);
  });

  it('has the rate over the last 10 seconds, and no remaining time if nothing was read meanwhile', () => {
    const still = Array.from({ length: 11 }, () => 500);
    expect(progressOf([0, ...still]).slice(-2)).toEqual([
      [50, 10],
      [0, null],
    ]);
  });

  it('has no remaining time without a rate, except if everything is read', () => {
    expect(progressOf([1_000])).toEqual([[0, 0]]);
  });
});
