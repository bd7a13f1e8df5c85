import { withNames, type EventRule } from '../context.ts';
import { goneTopicFinding, goneTopics } from '../goneTopics.ts';

export const topicRenamed: EventRule = {
  id: 'topic-renamed',
  purpose: 'A topic has another name, so consumers of the old one get no more events, and new ones none of the old.',
  level: 'wire',
  *check(context) {
    for (const { topic, heir, consumers, producers } of goneTopics(context)) {
      if (!heir) continue;
      yield goneTopicFinding(context, topic, {
        change: 'topic-renamed',
        message: `the topic ${topic.name} is called ${heir.name} now`,
        new: heir.loc,
        consumers,
        safePath: [
          `keep ${topic.name}, add ${heir.name} beside it, and let ${withNames('the producers', producers)} send to both`,
          `let ${withNames('the consumers', consumers)} read ${topic.name} to its end, and then ${heir.name}`,
          `stop sending to ${topic.name}, and remove it`,
        ],
      });
    }
  },
};
