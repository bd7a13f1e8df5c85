import type { RuleFinding } from '../../rule.ts';
import {
  named,
  proven,
  reachedMessage,
  receiversOf,
  sendersOf,
  type EventRule,
  type EventsContext,
} from '../context.ts';
import { recordWitness } from '../records.ts';
import type { EventTopic } from '../view.ts';

export const topicRemoved: EventRule = {
  id: 'topic-removed',
  purpose: 'A topic is no longer there, so its consumers get no more events.',
  level: 'wire',
  check: (context) => goneTopics(context, false),
};

export const topicRenamed: EventRule = {
  id: 'topic-renamed',
  purpose: 'A topic has another name, so consumers of the old one get no more events, and new ones none of the old.',
  level: 'wire',
  check: (context) => goneTopics(context, true),
};

function* goneTopics(context: EventsContext, isRenamed: boolean): Iterable<RuleFinding> {
  for (const topic of context.removed) {
    const heir = heirOf(context, topic);
    if ((heir !== undefined) !== isRenamed) continue;
    const consumers = receiversOf(context, topic.name);
    const readers = named('the consumers', consumers);
    const writers = named('the producers', sendersOf(context, topic.name));
    const types = [...topic.messages.values()];
    const [message] = types;
    const record = message ? context.records.old.of(topic, message) : { topic: topic.name };
    yield proven(
      {
        change: isRenamed ? 'topic-renamed' : 'topic-removed',
        message: heir ? `the topic ${topic.name} is called ${heir.name} now` : `the topic ${topic.name} was removed`,
        old: topic.loc,
        ...(heir ? { new: heir.loc } : {}),
        reaches: types.map(({ type }) => reachedMessage(topic.name, type)),
        consumers,
        spot: topic.name,
        safePath: heir
          ? [
              `keep ${topic.name}, add ${heir.name} beside it, and let ${writers} send to both`,
              `let ${readers} read ${topic.name} to its end, and then ${heir.name}`,
              `stop sending to ${topic.name}, and remove it`,
            ]
          : [
              `keep ${topic.name}, and stop receiving from it in ${readers}`,
              `stop sending to it in ${writers}`,
              'remove it once nobody needs its old events',
            ],
      },
      recordWitness('old', record, '/topic', 'the old version has this record, and the new one has no such topic'),
    );
  }
}

/** The new topic with all messages of a topic that is gone. */
function heirOf({ old, new: next }: EventsContext, { messages }: EventTopic): EventTopic | undefined {
  if (messages.size === 0) return undefined;
  const added = [...next.topics.values()].filter(({ name }) => !old.topics.has(name));
  return added.find((topic) => [...messages.keys()].every((type) => topic.messages.has(type)));
}
