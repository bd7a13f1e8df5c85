import type { StoredEvent } from './event.ts';

/** The parts of an event that decide its position. */
export type Placed = Pick<StoredEvent, 'eventId' | 'topic' | 'sequence' | 'at' | 'causationId'> & {
  /** The key in its topic; sequences count per key. */
  readonly key: string;
};

/**
 * Sorts events into an order in which they can have happened: each after its cause and after those before it in the
 * sequence of its topic and key, and otherwise by time. Clocks of services differ, so time alone may put an effect
 * before its cause. If the events contradict each other, the earliest comes first.
 */
export function inOrder<Event extends Placed>(events: readonly Event[]): readonly Event[] {
  const waiting = new Set([...events].sort(byTime));
  const byId = new Map(events.map((event) => [event.eventId, event]));
  const before = predecessors(events);
  const sorted: Event[] = [];
  const isReady = (event: Event): boolean => {
    const cause = event.causationId === null ? undefined : byId.get(event.causationId);
    const previous = before.get(event);
    return !(cause && cause !== event && waiting.has(cause)) && !(previous && waiting.has(previous));
  };
  while (waiting.size > 0) {
    let next: Event | undefined;
    for (const event of waiting) {
      if (isReady(event)) {
        next = event;
        break;
      }
    }
    next ??= first(waiting);
    waiting.delete(next);
    sorted.push(next);
  }
  return sorted;
}

function first<Event>(events: ReadonlySet<Event>): Event {
  for (const event of events) return event;
  throw new Error('there is no event left');
}

/** The event before each in the sequence of its topic and key. */
function predecessors<Event extends Placed>(events: readonly Event[]): ReadonlyMap<Event, Event> {
  const found = new Map<Event, Event>();
  const counted = events.filter(({ sequence }) => sequence > 0n);
  for (const group of Map.groupBy(counted, ({ topic, key }) => JSON.stringify([topic, key])).values()) {
    const sorted = [...group].sort((a, b) => compare(a.sequence, b.sequence));
    for (const [index, event] of sorted.entries()) {
      const previous = sorted[index - 1];
      if (previous) found.set(event, previous);
    }
  }
  return found;
}

function byTime(a: Placed, b: Placed): number {
  return (
    compare(a.at.getTime(), b.at.getTime()) ||
    compare(a.sequence, b.sequence) ||
    compare(a.topic, b.topic) ||
    compare(a.eventId, b.eventId)
  );
}

function compare<Value extends string | number | bigint>(a: Value, b: Value): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
