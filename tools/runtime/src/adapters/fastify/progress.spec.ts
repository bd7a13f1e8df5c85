import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Progress } from './progress.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const LIMITS = { patienceMs: 1_000, slowestPerSecond: 100 };

/** An answer, and what its client does. */
function watched() {
  const stops: string[] = [];
  const progress = new Progress(LIMITS, (why) => stops.push(why));
  const to = new PassThrough();
  return {
    stops,
    progress,
    /** The client takes so many milliseconds to read so many characters. */
    reads: async (characters: number, ms: number) => {
      progress.sent(characters);
      const done = progress.read(to, 'drain', new AbortController().signal);
      await vi.advanceTimersByTimeAsync(ms);
      to.emit('drain');
      await done;
    },
  };
}

describe('an answer that is sent while it is made', () => {
  it('may take as long as it likes if its handler goes on', async () => {
    const { progress, stops } = watched();
    for (let piece = 0; piece < 100; piece++) {
      await vi.advanceTimersByTimeAsync(900);
      progress.made();
    }
    progress.end();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(stops).toEqual([]);
  });

  it('stops once its handler makes nothing', async () => {
    const { stops } = watched();
    await vi.advanceTimersByTimeAsync(1_001);
    expect(stops).toEqual(['too-long']);
  });

  it('may take as long as it likes if its client reads fast enough', async () => {
    const { reads, stops } = watched();
    for (let piece = 0; piece < 100; piece++) await reads(100, 900);
    expect(stops).toEqual([]);
  });

  it('stops once its client reads nothing', async () => {
    const { reads, stops } = watched();
    await reads(100, 1_001);
    expect(stops).toEqual(['too-slow']);
  });

  it('stops if its client always reads a little slower than it may, and not at once', async () => {
    const { reads, stops } = watched();
    // each time, it falls behind by 290 ms
    for (let piece = 0; piece < 3; piece++) await reads(10, 390);
    expect(stops).toEqual([]);
    await reads(10, 390);
    expect(stops).toEqual(['too-slow']);
  });

  it('gives no credit for a fast start', async () => {
    const { reads, stops } = watched();
    await reads(1_000_000, 1);
    await reads(10, 1_001);
    expect(stops).toEqual(['too-slow']);
  });

  it('does not count the time of its client as time of its handler', async () => {
    const { reads, stops, progress } = watched();
    await vi.advanceTimersByTimeAsync(600);
    await reads(100, 900);
    await vi.advanceTimersByTimeAsync(900);
    progress.end();
    expect(stops).toEqual([]);
  });

  it('needs one timer for all the pieces that are read in time', async () => {
    const { reads, progress } = watched();
    // restored before the real timers come back, because a later restore would bring back the fake one
    using made = vi.spyOn(globalThis, 'setTimeout');
    for (let piece = 0; piece < 50; piece++) {
      await reads(100, 10);
      progress.made();
    }
    expect(made).not.toHaveBeenCalled();
    progress.end();
  });
});
