import type { SeenEvent } from './eventOf.ts';

/**
 * Each event once, by its time: the broker may hold a copy of one (a relay that lost its lease sends it again, and
 * consumers drop it), and topics are read one after the other.
 */
export function story(events: readonly SeenEvent[]): readonly SeenEvent[] {
  return [...new Map(events.map((event) => [event.id, event])).values()].toSorted(
    (a, b) => a.time.getTime() - b.time.getTime(),
  );
}
