import { proven, reachedMessage, sameReceive, type EventRule } from '../context.ts';
import { recordWitness } from '../records.ts';

export const consumerGroupChanged: EventRule = {
  id: 'consumer-group-changed',
  purpose:
    'A consumer has another group, which has no offsets, so it reads a topic again from the beginning, or skips events.',
  level: 'wire',
  *check(context) {
    for (const before of context.old.receives) {
      const after = sameReceive(context.new, before);
      if (!before.group || !after?.group || before.group.value === after.group.value) continue;
      const { service, topic: name, type } = before;
      const [topic, message] = [context.old.topics.get(name), context.old.topics.get(name)?.messages.get(type)];
      if (!topic || !message) continue;
      const record = context.records.old.of(topic, message);
      yield proven(
        {
          change: 'consumer-group-changed',
          message: `${service} reads ${name} in the group ${after.group.value} instead of ${before.group.value}`,
          old: before.group.loc,
          new: after.group.loc,
          reaches: [reachedMessage(name, type)],
          consumers: [service],
          spot: `${service} ${name}`,
          safePath: [
            `stop ${service}, and copy the offsets of ${before.group.value} to ${after.group.value} (kafka-consumer-groups --reset-offsets)`,
            `start ${service} with the new group`,
          ],
        },
        recordWitness(
          'old',
          { ...record, note: `read and committed by ${before.group.value}` },
          '',
          'the old version has read this record, and the new one does not know that',
        ),
      );
    }
  },
};
