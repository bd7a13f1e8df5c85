import { proven, type EventRule } from '../context.ts';
import { recordWitness } from '../records.ts';

export const deadLetterTopicChanged: EventRule = {
  id: 'dead-letter-topic-changed',
  purpose: 'Dead letters of a service go to another topic, so whoever watches or replays the old one misses them.',
  level: 'wire',
  *check({ old, new: next }) {
    for (const [service, before] of old.deadLetters) {
      const after = next.deadLetters.get(service);
      if (!after || before.value === after.value) continue;
      yield proven(
        {
          change: 'dead-letter-topic-changed',
          message: `dead letters of ${service} go to ${after.value} instead of ${before.value}`,
          old: before.loc,
          new: after.loc,
          reaches: [before.value],
          consumers: [service],
          spot: service,
          safePath: [
            `replay or keep what is in ${before.value}`,
            `make alarms and tools watch ${after.value} too`,
            'change the name',
          ],
        },
        recordWitness(
          'old',
          { topic: before.value },
          '/topic',
          'the old version writes dead letters to this topic, and the new one does not',
        ),
      );
    }
  },
};
