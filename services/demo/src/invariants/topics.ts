import { CONTRACTS } from '../system/contracts.ts';
import type { Invariant } from './log.ts';

/** The events that timers and effects send. The cause of such an event is a timer, which is not in any topic. */
const OF_TIMERS: ReadonlySet<string> = new Set(
  CONTRACTS.flatMap(({ timers = [], effects = [] }) => [...timers, ...effects])
    .flatMap(({ emits }) => emits.flat())
    .map((name) => name.replace(/\*$/, '')),
);

/** The milliseconds since 1970 in a UUID version 7 (RFC 9562, section 5.7). Undefined for other ids. */
function timeOf(id: string): number | undefined {
  const parts = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-/i.exec(id);
  return parts === null ? undefined : Number.parseInt(`${parts[1]}${parts[2]}`, 16);
}

export const TOPICS: readonly Invariant[] = [
  {
    id: 'X1',
    promise: 'the events of a key are in their topic in the sequence in which they were committed',
    broken: ({ events }) =>
      [...Map.groupBy(events, ({ topic, key }) => `${topic} ${key}`)].flatMap(([key, all]) =>
        all.flatMap(({ sequence }, index) => {
          const before = all[index - 1]?.sequence;
          return before === undefined || sequence === before + 1 ? [] : [`after ${before} of ${key} comes ${sequence}`];
        }),
      ),
  },
  {
    id: 'X3',
    promise: 'each event comes of a request, of a timer, or of an event that was sent',
    broken: ({ events }, { since }) => {
      const ids = new Set(events.map(({ id }) => id));
      return events.flatMap(({ name, key, causationId }) => {
        if (causationId === undefined || ids.has(causationId) || OF_TIMERS.has(name)) return [];
        // a service that is new reads its topics from their beginning, so its causes may be older than the log
        if ((timeOf(causationId) ?? Infinity) < since.getTime()) return [];
        return [`${name} of ${key} comes of ${causationId}, which was not sent`];
      });
    },
  },
];
