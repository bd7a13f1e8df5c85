import { setTimeout as sleep } from 'node:timers/promises';
import type { Mark, Replay } from '@atlas/runtime/replay';
import { RebuildFailure } from './failure.ts';
import type { Progress } from './runs.ts';

/** A rebuild gives up if it gets no event for this long although there are more to read. */
const STALLED_MS = 120_000;
const REPORT_EVERY_MS = 1_000;
/** The rate is measured over at least this time, or from the beginning. */
const RATE_OVER_MS = 10_000;

/** Measures how fast a rebuild reads. */
export class Pace {
  readonly #samples: { readonly at: number; readonly events: number }[] = [];

  /** Takes a sample. Both numbers count from the beginning of the topics. */
  progress(events: number, wanted: number): Progress {
    const now = { at: performance.now(), events };
    this.#samples.push(now);
    while ((this.#samples[1]?.at ?? now.at) <= now.at - RATE_OVER_MS) this.#samples.shift();
    const first = this.#samples[0] ?? now;
    const seconds = (now.at - first.at) / 1_000;
    const rate = seconds > 0 ? (events - first.events) / seconds : 0;
    const left = Math.max(0, wanted - events);
    return {
      events,
      eventsToRead: Math.max(wanted, events),
      eventsPerSecond: rate,
      remainingSeconds: left === 0 ? 0 : rate > 0 ? left / rate : null,
    };
  }
}

export interface ReadingOptions {
  /** The same for all readings of a rebuild, because one of them may end after a few milliseconds. */
  readonly pace: Pace;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => Promise<void>;
}

/** The events between the beginnings of the topics and these offsets. */
export function eventsBefore(replay: Pick<Replay, 'begins'>, marks: readonly Mark[]): number {
  const begins = new Map(replay.begins.map(({ topic, partition, next }) => [`${topic}/${partition}`, next]));
  let events = 0n;
  for (const { topic, partition, next } of marks) {
    const begin = begins.get(`${topic}/${partition}`) ?? next;
    if (next > begin) events += next - begin;
  }
  return Number(events);
}

/**
 * Reads up to these offsets and reports its progress: at the beginning, once per second and at the end. Throws
 * `RebuildFailure` if nothing is read for two minutes.
 */
export async function readUpTo(
  replay: Pick<Replay, 'begins' | 'marks' | 'reach' | 'trouble'>,
  marks: readonly Mark[],
  { pace, signal, onProgress }: ReadingOptions,
): Promise<void> {
  const ended = new AbortController();
  const stalled = new AbortController();
  const toRead = eventsBefore(replay, marks);
  const report = (): Promise<void> => onProgress(pace.progress(eventsBefore(replay, replay.marks()), toRead));
  await report();
  const watch = async (): Promise<void> => {
    let last = { at: performance.now(), events: -1 };
    while (!ended.signal.aborted) {
      await sleep(REPORT_EVERY_MS, undefined, { signal: ended.signal }).catch(() => undefined);
      const events = eventsBefore(replay, replay.marks());
      if (events !== last.events) last = { at: performance.now(), events };
      else if (performance.now() - last.at > STALLED_MS)
        stalled.abort(
          new RebuildFailure(`no event was read for 2 minutes (${replay.trouble() ?? 'the cause is not known'})`),
        );
      await report();
    }
  };
  const watching = watch();
  try {
    await replay.reach(marks, AbortSignal.any([signal, stalled.signal]));
  } finally {
    ended.abort();
    await watching;
  }
}
