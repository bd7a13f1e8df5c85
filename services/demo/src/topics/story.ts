import type { SeenEvent } from './eventOf.ts';

/**
 * Each event once, ordered by time. The broker may have two copies of an event, because a relay that lost its lease
 * sends it again. Records do not arrive in order of time, because topics are read one after the other.
 */
export function story(events: readonly SeenEvent[]): readonly SeenEvent[] {
  return [...new Map(events.map((event) => [event.id, event])).values()].toSorted(
    (a, b) => a.time.getTime() - b.time.getTime(),
  );
}
