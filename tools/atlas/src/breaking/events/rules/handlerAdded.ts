import { reachedMessage, suspected, type EventRule } from '../context.ts';

export const handlerAdded: EventRule = {
  id: 'handler-added',
  purpose:
    'A service receives all messages of a topic, which has a new one, so code that is generated again needs one more handler.',
  level: 'source',
  *check({ old, new: next }) {
    for (const receive of next.receives) {
      const { service, topic, type } = receive;
      const had = old.receives.some((other) => other.service === service && other.topic === topic);
      const isNew = old.topics.get(topic)?.messages.has(type) === false;
      const message = next.topics.get(topic)?.messages.get(type);
      if (!receive.takesAll || !had || !isNew || !message) continue;
      yield suspected(
        {
          change: 'handler-added',
          message: `${service} receives all messages of ${topic}, so it needs a handler on${message.name}`,
          new: message.loc,
          reaches: [reachedMessage(topic, type)],
          consumers: [service],
          spot: `${service} ${topic} ${type}`,
        },
        'a service that runs skips events of types that it does not know; only code that is generated again differs',
      );
    }
  },
};
