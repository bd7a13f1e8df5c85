import type { RuleFinding } from '../rule.ts';
import { proven, reachedMessage, receiversOf, sendersOf, type EventsContext } from './context.ts';
import { recordWitness } from './records.ts';
import type { EventTopic } from './view.ts';

/** A topic that the new version does not have. */
export interface GoneTopic {
  readonly topic: EventTopic;
  /** The new topic that has all its messages. */
  readonly heir: EventTopic | undefined;
  readonly consumers: readonly string[];
  readonly producers: readonly string[];
}

export function goneTopics(context: EventsContext): readonly GoneTopic[] {
  return context.removed.map((topic) => ({
    topic,
    heir: heirOf(context, topic),
    consumers: receiversOf(context, topic.name),
    producers: sendersOf(context, topic.name),
  }));
}

function heirOf({ old, new: next }: EventsContext, { messages }: EventTopic): EventTopic | undefined {
  if (messages.size === 0) return undefined;
  const added = [...next.topics.values()].filter(({ name }) => !old.topics.has(name));
  return added.find((topic) => [...messages.keys()].every((type) => topic.messages.has(type)));
}

/** What a rule reports about a topic that is gone. The witness is a record that no longer has a topic. */
export function goneTopicFinding(
  { records }: EventsContext,
  topic: EventTopic,
  said: Pick<RuleFinding, 'change' | 'message' | 'new' | 'consumers' | 'safePath'>,
): RuleFinding {
  const types = [...topic.messages.values()];
  const [message] = types;
  const record = message ? records.old.of(topic, message) : { topic: topic.name };
  return proven(
    {
      ...said,
      old: topic.loc,
      reaches: types.map(({ type }) => reachedMessage(topic.name, type)),
      spot: topic.name,
    },
    recordWitness('old', record, '/topic', 'the old version has this record, and the new one has no such topic'),
  );
}
