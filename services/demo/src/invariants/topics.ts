import { CONTRACTS } from '../system/contracts.ts';
import type { Invariant } from './log.ts';

/** The events that timers and effects send. The cause of such an event is a timer, which is not in any topic. */
const OF_TIMERS: ReadonlySet<string> = new Set(
  CONTRACTS.flatMap(({ timers = [], effects = [] }) => [...timers, ...effects])
    .flatMap(({ emits }) => emits.flat())
    .map((name) => name.replace(/\*$/, '')),
);

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
    broken: ({ events }) => {
      const ids = new Set(events.map(({ id }) => id));
      return events
        .filter(({ name, causationId }) => causationId !== undefined && !ids.has(causationId) && !OF_TIMERS.has(name))
        .map(({ name, key, causationId }) => `${name} of ${key} comes of ${causationId}, which was not sent`);
    },
  },
];
