import { withNames, type EventRule } from '../context.ts';
import { goneTopicFinding, goneTopics } from '../goneTopics.ts';

export const topicRemoved: EventRule = {
  id: 'topic-removed',
  purpose: 'A topic is no longer there, so its consumers get no more events.',
  level: 'wire',
  *check(context) {
    for (const { topic, heir, consumers, producers } of goneTopics(context)) {
      if (heir) continue;
      yield goneTopicFinding(context, topic, {
        change: 'topic-removed',
        message: `the topic ${topic.name} was removed`,
        consumers,
        safePath: [
          `keep ${topic.name}, and stop receiving from it in ${withNames('the consumers', consumers)}`,
          `stop sending to it in ${withNames('the producers', producers)}`,
          'remove it once nobody needs its old events',
        ],
      });
    }
  },
};
