import { withNames, proven, receiversOf, type EventRule } from '../context.ts';
import { recordWitness } from '../records.ts';
import type { EventTopic } from '../view.ts';

export const cleanupPolicyChanged: EventRule = {
  id: 'cleanup-policy-changed',
  purpose:
    'A topic is compacted now, so older events of a key are gone, or it is no longer compacted and deletes the last one.',
  level: 'wire',
  *check(context) {
    for (const { old, new: next } of context.topics) {
      const [before, after] = [policyOf(old), policyOf(next)];
      const added = after.filter((policy) => !before.includes(policy));
      if (added.length === 0) continue;
      const consumers = receiversOf(context, old.name);
      const isCompacted = added.includes('compact');
      const [message] = old.messages.values();
      const record = message ? context.records.old.of(old, message) : { topic: old.name };
      const note = isCompacted ? 'followed by an event of the same key' : 'older than retention.ms';
      yield proven(
        {
          change: 'cleanup-policy-changed',
          message: `the cleanup policy of ${old.name} was ${before.join(',')}, and is ${after.join(',')} now`,
          old: old.settings.loc,
          new: next.settings.loc,
          reaches: [old.name],
          consumers,
          spot: old.name,
          safePath: [
            `keep ${old.name} as it is, and add a topic with the new policy`,
            `let ${withNames('the consumers', consumers)} read the old topic to its end, and then the new one`,
            'remove the old topic',
          ],
        },
        recordWitness(
          'old',
          { ...record, note },
          '',
          'the old version still has this record, and the new one has deleted it',
        ),
      );
    }
  },
};

function policyOf({ settings }: EventTopic): readonly string[] {
  return (settings.value['cleanup.policy'] ?? 'delete')
    .split(',')
    .map((part) => part.trim())
    .toSorted();
}
