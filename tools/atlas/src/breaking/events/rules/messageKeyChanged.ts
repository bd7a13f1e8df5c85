import { reachedMessage, receiversOf, suspected, type EventRule } from '../context.ts';

export const messageKeyChanged: EventRule = {
  id: 'message-key-changed',
  purpose: 'A message has another key in its channel, so generated handlers and events have other names.',
  level: 'source',
  *check(context) {
    for (const { topics, old, new: next } of context.messages) {
      if (old.name === next.name) continue;
      yield suspected(
        {
          change: 'message-key-changed',
          message: `the message ${old.name} is called ${next.name} now`,
          old: old.loc,
          new: next.loc,
          reaches: [reachedMessage(topics.new.name, old.type)],
          consumers: receiversOf(context, topics.new.name, old.type),
          spot: `${topics.new.name} ${old.type}`,
        },
        'records stay the same; only code that is generated again differs',
      );
    }
  },
};
