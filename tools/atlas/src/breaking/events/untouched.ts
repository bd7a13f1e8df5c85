import { isDeepStrictEqual } from 'node:util';
import { sameReceive, type EventsContext } from './context.ts';

/** Settings of a topic that rules compare. */
const COMPARED: ReadonlySet<string> = new Set([
  'cleanup.policy',
  'max.message.bytes',
  'retention.bytes',
  'retention.ms',
]);

/** The differences that no rule looks at, in words, so that no report hides them. */
export function untouched({ old: before, new: after, topics, messages }: EventsContext): readonly string[] {
  const ofTopics = topics
    .filter((pair) => !pair.old.isForeign && !pair.new.isForeign)
    .flatMap(({ old, new: next }) =>
      differing(old.settings.value, next.settings.value)
        .filter((name) => !COMPARED.has(name))
        .map((name) => `${name} of ${old.name}`),
    );
  const ofMessages = messages.flatMap(({ topics: pair, old, new: next }) =>
    differing(old.kafka, next.kafka)
      .filter((name) => name !== 'bindingVersion')
      .map((name) => `${name} of ${old.type} on ${pair.new.name}`),
  );
  // A rule compares groups with one value on both sides.
  const ofGroups = before.receives.flatMap((use) => {
    const same = sameReceive(after, use);
    if (!same || (use.group && same.group) || isDeepStrictEqual(use.groupSchema, same.groupSchema)) return [];
    return [`groupId of ${use.operation} of ${use.service}`];
  });
  return [...ofTopics, ...ofMessages, ...new Set(ofGroups)];
}

/** The keys with another value. */
function differing(old: Readonly<Record<string, unknown>>, next: Readonly<Record<string, unknown>>): readonly string[] {
  const keys = new Set([...Object.keys(old), ...Object.keys(next)]);
  return [...keys].filter((key) => !isDeepStrictEqual(old[key], next[key])).toSorted();
}
